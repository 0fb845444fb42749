package io.millrace.local.pipeline;

import io.millrace.events.domain.Domain;
import io.millrace.local.UsageException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a run is asked to do. Immutable and valid.
 *
 * @param rate events per second of all producers together, at least 1
 * @param sources event sources, at least 1
 * @param hotSource part of all events that one source makes, from 0 to below 1; 0 if all make as
 *     many
 * @param producers processes that share the sources, at least 1 and at most as many as sources
 * @param clockSkew between the two producers' clocks that are furthest apart, from 0 to 10 seconds
 * @param duration how long events are produced, at least a second
 * @param partitions of the topic, at least 1
 * @param parallelism of the Flink job, at least 1
 * @param source what the job reads the topic with
 * @param messagePathFirst whether the job and ClickHouse give way to the producer and the broker
 *     where processors are scarce, for the sake of latency; at a price to those that have to catch
 *     up
 * @param hostile messages that are no healthy events, spread over the duration; 0 for none
 * @param seed of the generated events
 * @param report where the JSON report goes
 * @param keep whether data and logs stay after a run that passed
 * @param rig what the run is built with for the sake of faults
 * @param hold whether everything stays up after the verdict, until a signal
 */
public record RunOptions(
    Domain domain,
    int rate,
    int sources,
    double hotSource,
    int producers,
    Duration clockSkew,
    Duration duration,
    int partitions,
    int parallelism,
    JobSource source,
    boolean messagePathFirst,
    int hostile,
    long seed,
    ClickHouseChoice clickHouse,
    Rig rig,
    Path report,
    boolean keep,
    boolean hold) {

  private static final int MAX_RATE = 2_000_000;
  private static final int MAX_SOURCES = 10_000_000;
  private static final int MAX_PRODUCERS = 16;

  /** Far apart, a producer that joins may be behind what the others have closed. */
  private static final Duration MAX_CLOCK_SKEW = Duration.ofSeconds(10);

  private static final int MAX_PARTITIONS = 128;
  private static final int MAX_PARALLELISM = 32;
  private static final int MAX_HOSTILE = 10_000_000;

  /**
   * @throws UsageException if a number is out of its range
   */
  public RunOptions {
    requireBetween("--rate", rate, MAX_RATE);
    requireBetween("--sources", sources, MAX_SOURCES);
    if (!(hotSource >= 0 && hotSource < 1) || hotSource > 0 && sources == 1) {
      throw new UsageException(
          "--hot-source is "
              + hotSource
              + (sources == 1
                  ? " with 1 source; leave it out."
                  : "; it must be from 0 to below 1."));
    }
    requireBetween("--producers", producers, Math.min(sources, MAX_PRODUCERS));
    if (clockSkew.compareTo(MAX_CLOCK_SKEW) > 0) {
      throw new UsageException(
          "--clock-skew is " + clockSkew.toMillis() + "ms; it must be from 0s to 10s.");
    }
    requireBetween("--partitions", partitions, MAX_PARTITIONS);
    requireBetween("--parallelism", parallelism, MAX_PARALLELISM);
    if (hostile < 0 || hostile > MAX_HOSTILE) {
      throw new UsageException(
          "--hostile is " + hostile + "; it must be from 0 to " + MAX_HOSTILE + ".");
    }
    if (duration.toSeconds() < 1) {
      throw new UsageException(
          "--duration is " + duration.toSeconds() + "s; it must be 1s or more.");
    }
  }

  /** A run for its speed, in which no process gives way; else as if nothing were asked for. */
  public static RunOptions forSpeed(
      final Domain domain,
      final int rate,
      final int sources,
      final Duration duration,
      final int partitions,
      final int parallelism,
      final Path report) {
    return new RunOptions(
        domain,
        rate,
        sources,
        0,
        1,
        Duration.ZERO,
        duration,
        partitions,
        parallelism,
        JobSource.MILLRACE,
        false,
        0,
        1,
        new ClickHouseChoice.Auto(),
        Rig.PLAIN,
        report,
        false,
        false);
  }

  /** The same at another rate. */
  RunOptions atRate(final int otherRate) {
    return new RunOptions(
        domain,
        otherRate,
        sources,
        hotSource,
        producers,
        clockSkew,
        duration,
        partitions,
        parallelism,
        source,
        messagePathFirst,
        hostile,
        seed,
        clickHouse,
        rig,
        report,
        keep,
        hold);
  }

  /** The same for a run under faults, in which every process has to come back quickly. */
  public RunOptions underFaults(
      final Duration otherDuration,
      final ClickHouseChoice otherClickHouse,
      final JobSource otherSource,
      final Rig otherRig) {
    return new RunOptions(
        domain,
        rate,
        sources,
        hotSource,
        producers,
        clockSkew,
        otherDuration,
        partitions,
        parallelism,
        otherSource,
        false,
        hostile,
        seed,
        otherClickHouse,
        otherRig,
        report,
        keep,
        hold);
  }

  private static void requireBetween(final String flag, final int value, final int max) {
    if (value < 1 || value > max) {
      throw new UsageException(flag + " is " + value + "; it must be from 1 to " + max + ".");
    }
  }
}
