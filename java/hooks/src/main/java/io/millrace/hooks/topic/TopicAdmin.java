package io.millrace.hooks.topic;

import io.millrace.hooks.HookException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.pulsar.client.admin.PulsarAdmin;
import org.apache.pulsar.client.admin.PulsarAdminBuilder;
import org.apache.pulsar.client.admin.PulsarAdminException;
import org.apache.pulsar.client.api.PulsarClientException;

/** Connects to the brokers' admin interface and asks it the questions that both hooks have. */
public final class TopicAdmin {
  private static final String TOKEN = "org.apache.pulsar.client.impl.auth.AuthenticationToken";

  private TopicAdmin() {}

  /**
   * Prepares a client; nothing is sent yet.
   *
   * @param url the admin interface, such as {@code http://broker.pulsar:8080}
   * @param token a file that holds the token, read again for every request; empty for none
   * @throws HookException when the address is wrong
   */
  public static PulsarAdmin connect(URI url, Optional<Path> token) throws HookException {
    try {
      PulsarAdminBuilder builder = PulsarAdmin.builder().serviceHttpUrl(url.toString());
      if (token.isPresent()) {
        builder.authentication(TOKEN, token.get().toUri().toString());
      }
      return builder.build();
    } catch (PulsarClientException e) {
      throw new HookException("cannot use the admin interface " + url + ": " + e.getMessage(), e);
    }
  }

  /**
   * Returns the partitions of a topic, empty when there is no such partitioned topic.
   *
   * @throws PulsarAdminException when the brokers do not answer or refuse
   */
  public static OptionalInt partitions(PulsarAdmin admin, String topic)
      throws PulsarAdminException {
    if (!admin.topics().getPartitionedTopicList(namespace(topic)).contains(topic)) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(admin.topics().getPartitionedTopicMetadata(topic).partitions);
  }

  /**
   * Returns {@code tenant/namespace} of a topic's full name.
   *
   * @throws IllegalArgumentException when it has another form
   */
  public static String namespace(String topic) {
    String[] parts = topic.split("/", -1);
    if (parts.length != 5
        || !parts[0].equals("persistent:")
        || !parts[1].isEmpty()
        || parts[2].isEmpty()
        || parts[3].isEmpty()
        || parts[4].isEmpty()) {
      throw new IllegalArgumentException(
          "'"
              + topic
              + "' is not a full topic name: write persistent://tenant/namespace/topic, such as"
              + " persistent://public/default/iot-sensor-data");
    }
    return parts[2] + "/" + parts[3];
  }
}
