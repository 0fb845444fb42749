package io.millrace.bench.scaling;

/**
 * What one measurement found.
 *
 * @param domain of the events
 * @param sources they come from
 * @param partitions of the topic
 * @param parallelism of the job
 * @param messageBytes mean payload, before compression
 * @param msgsPerS messages per second
 * @param cpuNanosPerMessage processor time of the TaskManager, nanoseconds
 */
public record Point(
    String domain,
    int sources,
    int partitions,
    int parallelism,
    double messageBytes,
    long msgsPerS,
    long cpuNanosPerMessage) {}
