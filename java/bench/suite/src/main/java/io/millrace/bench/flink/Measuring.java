package io.millrace.bench.flink;

import java.time.Duration;

/**
 * How long a rate is looked at.
 *
 * @param warmUp from the first message on, not counted
 * @param measured after that, at the most
 */
public record Measuring(Duration warmUp, Duration measured) {}
