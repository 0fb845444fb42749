package io.millrace.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.broker.BrokerProcess;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.impl.TypedMessageBuilderImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writers of other teams and enemies use the topic, each with a schema of its own that the broker
 * takes. Their events are in rows, or dead letters with the reason; the job never fails.
 */
class ForeignSchemasTest {

  private static final String NAME = "foreign";
  private static final String TOPIC = "persistent://public/default/" + NAME;
  private static final int EVENTS = 4;
  private static final byte NULL_BRANCH = 0;

  @TempDir private Path folder;

  private final long now = System.currentTimeMillis();
  private final Map<String, Long> expected = new HashMap<>();
  private int nextSource;

  @Test
  void whateverSchemaAProducerRegistersTheJobGoesOn() throws Exception {
    try (BrokerProcess broker = new BrokerProcess(folder)) {
      broker.start();
      broker.createTopic(NAME, 1);
      try (PulsarClient client = PulsarClient.builder().serviceUrl(broker.serviceUrl()).build();
          JobRun run = new JobRun(broker, NAME, folder)) {
        final String own = TestDomains.IOT.schema().toString();
        publish(client, own);
        publish(client, own.replace("\"namespace\":\"", "\"namespace\":\"com.acme.Telemetry$"));
        publish(client, withOptional("doubled", doubled(14)), NULL_BRANCH);
        publish(
            client,
            withOptional("huge", "{\"type\":\"fixed\",\"name\":\"F\",\"size\":2000000000}"),
            NULL_BRANCH);
        publishRefused(client);
        publishOfVersion(client, new byte[] {1, 2, 3});
        publishOfVersion(client, new byte[] {0, 0, 0, 0, 0, 0, 9, 9});
        publishOfVersion(client, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1});
        publish(client, own);
        run.awaitAllRead();
        run.drain();
        assertThat(run.counts()).isEqualTo(expected);
        final List<Message<byte[]>> letters = EmbeddedJob.deadLetters(client, TOPIC);
        assertThat(letters)
            .extracting(letter -> letter.getProperty("millrace.reason"))
            .containsExactlyInAnyOrder(
                "incompatible schema: The writer's schema has the recursive type 'n.L'",
                "schema version of 3 bytes instead of 8",
                "schema version unknown to the broker",
                "schema version unknown to the broker");
      }
    }
  }

  private static String withOptional(final String name, final String type) {
    return TestDomains.IOT
        .schema()
        .toString()
        .replace(
            "\"fields\":[{\"name\":\"sensorId\"",
            "\"fields\":[{\"name\":\""
                + name
                + "\",\"type\":[\"null\","
                + type
                + "],\"default\":null},{\"name\":\"sensorId\"");
  }

  /** Each level has the one below twice. */
  private static String doubled(final int levels) {
    String type = "\"int\"";
    for (int level = 0; level < levels; level++) {
      type =
          "{\"type\":\"record\",\"name\":\"R%d\",\"fields\":[{\"name\":\"a\",\"type\":%s},{\"name\":\"b\",\"type\":%s}]}"
              .formatted(level, type, level == 0 ? "\"int\"" : "\"R" + (level - 1) + "\"");
    }
    return type;
  }

  /** Events of a new source, that must come to be counted. */
  private void publish(final PulsarClient client, final String schema, final byte... more)
      throws Exception {
    final int source = nextSource++;
    try (Producer<byte[]> producer =
        client.newProducer(new RawSchema(schema)).topic(TOPIC).create()) {
      for (int i = 0; i < EVENTS; i++) {
        producer.send(join(more, JobRun.event(source, i, now)));
      }
    }
    expected.put("sensor_" + source, (long) EVENTS);
  }

  private void publishRefused(final PulsarClient client) throws Exception {
    final String recursive =
        "{\"type\":\"record\",\"name\":\"L\",\"namespace\":\"n\",\"fields\":"
            + "[{\"name\":\"next\",\"type\":[\"null\",\"L\"]}]}";
    try (Producer<byte[]> producer =
        client.newProducer(new RawSchema(withOptional("link", recursive))).topic(TOPIC).create()) {
      producer.send(join(new byte[] {NULL_BRANCH}, JobRun.event(1_000, 0, now)));
    }
  }

  private void publishOfVersion(final PulsarClient client, final byte[] version) throws Exception {
    try (Producer<byte[]> producer =
        client.newProducer().topic(TOPIC).enableBatching(false).create()) {
      final var message = producer.newMessage().value(JobRun.event(1_001, 0, now));
      ((TypedMessageBuilderImpl<byte[]>) message).getMetadataBuilder().setSchemaVersion(version);
      message.send();
    }
  }

  private static byte[] join(final byte[] first, final byte[] second) {
    final byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }
}
