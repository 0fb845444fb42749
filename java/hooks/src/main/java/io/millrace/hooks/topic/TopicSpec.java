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
 * @param partitions how many it has at least, 1 or more; a topic that has more keeps them
 * @param retention how long acknowledged messages stay, whole minutes
 * @param retentionMebibytes how much of them stays in each of that many partitions, -1 for any
 *     amount; more partitions share the same sum
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

  /**
   * What each partition may keep.
   *
   * @param existing partitions that the topic has, 1 or more
   * @return MiB, at least 1; -1 for any amount
   */
  long retentionMebibytes(int existing) {
    return retentionMebibytes < 0 || existing <= partitions
        ? retentionMebibytes
        : Math.max(1, retentionMebibytes * partitions / existing);
  }
}
