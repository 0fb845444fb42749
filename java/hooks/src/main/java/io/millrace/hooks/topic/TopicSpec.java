package io.millrace.hooks.topic;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pulsar.common.policies.data.AuthAction;

/**
 * A topic as Git describes it.
 *
 * @param name full name, such as {@code persistent://public/default/iot-sensor-data}
 * @param partitions at least 1
 * @param retention how long acknowledged messages stay, whole minutes
 * @param retentionMebibytes how much of them stays in each partition, -1 for any amount
 * @param schema the AVRO schema and its rule, empty for a topic without one
 * @param grants what roles may do on the topic
 */
public record TopicSpec(
    String name,
    int partitions,
    Duration retention,
    long retentionMebibytes,
    Optional<TopicSchema> schema,
    Map<String, Set<AuthAction>> grants) {

  public TopicSpec {
    if (partitions < 1) {
      throw new IllegalArgumentException(
          "partitions is " + partitions + ", expected a whole number of at least 1");
    }
    if (retention.toMinutes() < 1 || retention.toMinutes() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "retention is " + retention.toSeconds() + " s, expected at least a minute");
    }
    grants = Map.copyOf(grants);
  }
}
