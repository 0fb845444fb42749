package io.millrace.producer;

import io.millrace.events.domain.Domain;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Everything a run is told. Immutable.
 *
 * @param serviceUrl of Pulsar's binary protocol
 * @param tokenFile with a JWT that the broker accepts, if it asks for one
 * @param topic full name of the topic
 * @param rate of all replicas together
 * @param seed of the generated readings
 * @param duration how long to send; empty for ever
 * @param clock of event time
 * @param threads that generate and send
 * @param name of this pipeline in the names of its producers, which must not change between runs
 * @param topicWait how long the topic may take to appear
 * @param drainTimeout how long messages may take to be confirmed at the end
 * @param report file of the outcome, if any
 */
record ProducerConfig(
    Domain domain,
    String serviceUrl,
    Optional<Path> tokenFile,
    String topic,
    TargetRate rate,
    SourceAssignment assignment,
    long seed,
    Optional<Duration> duration,
    EventClock clock,
    int threads,
    String name,
    Duration topicWait,
    Batching batching,
    InetSocketAddress http,
    Duration drainTimeout,
    Optional<Path> report) {

  /**
   * When a batch leaves: whatever comes first.
   *
   * @param delay since its first message
   * @param bytes before compression
   * @param messages in it
   */
  record Batching(Duration delay, int bytes, int messages) {}

  /** The rate of this replica's sources. */
  TargetRate ownRate() {
    return rate.share(assignment.share());
  }

  /** The name under which the broker remembers the last message of a lane. */
  String producerName(final int partition) {
    return String.format(Locale.ROOT, "millrace-%s-%d-p%d", name, assignment.ordinal(), partition);
  }
}
