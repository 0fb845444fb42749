package io.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.events.domain.Domain;
import io.millrace.local.broker.BrokerProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.SchemaBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.common.schema.SchemaInfo;
import org.apache.pulsar.common.schema.SchemaType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProducerAgainstBrokerTest {

  @TempDir private static Path folder;
  private static BrokerProcess broker;

  @BeforeAll
  static void startBroker() throws Exception {
    broker = new BrokerProcess(folder);
    broker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void sendsTheScheduleAndReportsIt() throws Exception {
    final String topic = broker.createTopic("schedule", 3);
    try (ProducerProcess producer =
        start(topic, "--rate 3000 --duration 4s --sources 1000 --threads 2").awaitSending()) {
      assertThat(get(producer.url() + "/health/live").statusCode()).isEqualTo(200);
      assertThat(get(producer.url() + "/health/ready").statusCode()).isEqualTo(200);
      assertThat(producer.awaitExit()).as(producer.output() + producer.errors()).isZero();

      final JsonNode report = producer.report();
      assertThat(report.get("produced").asLong() + report.get("skipped").asLong())
          .isBetween(11_990L, 12_000L);
      assertThat(report.get("acknowledged")).isEqualTo(report.get("produced"));
      assertThat(report.get("resumed_at").asLong()).isZero();
      assertThat(report.get("errors").asLong()).isZero();
      assertThat(report.at("/publish_latency_ms/p50").asDouble()).isPositive();
      assertThat(producer.output())
          .containsPattern("Sent [\\d,]+ messages, [\\d,]+ msg/s, p99 [\\d.]+ ms");

      final StoredTopic stored = StoredTopic.read(broker.serviceUrl(), topic);
      assertThat(stored.size()).isEqualTo(report.get("produced").asLong());
      stored.assertNothingLostOrRepeated();
      assertThat(stored.assertWellFormed())
          .isEqualTo(IntStream.range(0, 1_000).boxed().collect(Collectors.toSet()));
    }
    final SchemaInfo schema = StoredTopic.schema(broker.serviceUrl(), topic);
    assertThat(schema.getType()).isEqualTo(SchemaType.AVRO);
    assertThat(new org.apache.avro.Schema.Parser().parse(schema.getSchemaDefinition()))
        .isEqualTo(Domain.load("iot").schema());
  }

  @Test
  void metricsTellWhatHappens() throws Exception {
    final String topic = broker.createTopic("metrics", 2);
    try (ProducerProcess producer = start(topic, "--rate 2000 --sources 100").awaitSending()) {
      awaitAcknowledged(producer, 1_000);
      final String metrics = get(producer.url() + "/metrics").body();
      assertThat(metric(metrics, "millrace_producer_messages_sent_total")).isPositive();
      assertThat(metric(metrics, "millrace_producer_messages_acknowledged_total")).isPositive();
      assertThat(metric(metrics, "millrace_producer_sent_bytes_total"))
          .isGreaterThan(100 * metric(metrics, "millrace_producer_messages_acknowledged_total"));
      assertThat(metric(metrics, "millrace_producer_messages_failed_total")).isZero();
      assertThat(metric(metrics, "millrace_producer_target_messages_per_second")).isEqualTo(2_000);
      assertThat(metric(metrics, "millrace_producer_partitions_connected")).isEqualTo(2);
      assertThat(metric(metrics, "millrace_producer_publish_latency_seconds_count")).isPositive();
      assertThat(metrics).contains("millrace_producer_publish_latency_seconds_bucket{le=\"0.05\"}");
    }
  }

  @Test
  void replicasShareTheSources() throws Exception {
    final String topic = broker.createTopic("replicas", 3);
    final String flags = "--rate 3000 --duration 3s --sources 300 --replicas 2 --ordinal ";
    try (ProducerProcess first = start(topic, flags + 0);
        ProducerProcess second = start(topic, flags + 1)) {
      assertThat(first.awaitExit()).as(first.output() + first.errors()).isZero();
      assertThat(second.awaitExit()).as(second.output() + second.errors()).isZero();
      final StoredTopic stored = StoredTopic.read(broker.serviceUrl(), topic);
      assertThat(stored.size())
          .isEqualTo(
              first.report().get("produced").asLong() + second.report().get("produced").asLong());
      stored.assertNothingLostOrRepeated();
      assertThat(stored.assertWellFormed()).hasSize(300);
    }
  }

  @Test
  void aSuccessorGoesOnWhereAKilledProducerEnded() throws Exception {
    final String topic = broker.createTopic("successor", 4);
    JsonNode confirmedByVictims = null;
    for (int round = 0; round < 2; round++) {
      try (ProducerProcess victim = start(topic, "--rate 20000 --sources 1000").awaitSending()) {
        awaitAcknowledged(victim, 5_000);
        // the report is a second old at the most
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> confirmed(victim.report()) >= 5_000);
        victim.kill();
        assertThat(victim.report().get("complete").asBoolean()).isFalse();
        confirmedByVictims = victim.report().get("confirmed");
      }
    }
    try (ProducerProcess successor = start(topic, "--rate 20000 --sources 1000 --duration 2s")) {
      assertThat(successor.awaitExit()).as(successor.output() + successor.errors()).isZero();
      final JsonNode report = successor.report();
      assertThat(report.get("resumed_at").asLong()).isGreaterThan(10_000);
      assertThat(report.get("produced").asLong())
          .isEqualTo(report.get("resumed_at").asLong() + report.get("produced_this_run").asLong());
      assertThat(report.get("acknowledged")).isEqualTo(report.get("produced"));

      final StoredTopic stored = StoredTopic.read(broker.serviceUrl(), topic);
      assertThat(stored.size()).isEqualTo(report.get("produced").asLong());
      stored.assertNothingLostOrRepeated();
      assertThat(stored.assertWellFormed()).hasSize(1_000);

      assertThat(report.get("complete").asBoolean()).isTrue();
      assertThat(stored.sizeByProducer()).hasSize(4);
      for (final Map.Entry<String, Long> lane : stored.sizeByProducer().entrySet()) {
        assertThat(report.get("confirmed").get(lane.getKey()).asLong())
            .as(lane.getKey())
            .isEqualTo(lane.getValue());
        assertThat(confirmedByVictims.get(lane.getKey()).asLong())
            .as(lane.getKey())
            .isBetween(1L, lane.getValue());
      }
    }
  }

  private static long confirmed(final JsonNode report) {
    long sum = 0;
    for (final JsonNode count : report.get("confirmed")) {
      sum += count.asLong();
    }
    return sum;
  }

  @Test
  void terminationDrainsAndReports() throws Exception {
    final String topic = broker.createTopic("termination", 2);
    try (ProducerProcess producer = start(topic, "--rate 20000 --sources 1000").awaitSending()) {
      awaitAcknowledged(producer, 5_000);
      producer.terminate();
      assertThat(producer.awaitExit()).as(producer.output() + producer.errors()).isZero();
      final JsonNode report = producer.report();
      assertThat(report.get("produced").asLong()).isGreaterThan(1_000);
      assertThat(report.get("acknowledged")).isEqualTo(report.get("produced"));
      assertThat(producer.output()).contains("Done: ");
      final StoredTopic stored = StoredTopic.read(broker.serviceUrl(), topic);
      assertThat(stored.size()).isEqualTo(report.get("produced").asLong());
      stored.assertNothingLostOrRepeated();
    }
  }

  @Test
  void nothingIsLostOrRepeatedWhenTheBrokerIsKilledUnderLoad() throws Exception {
    final String topic = broker.createTopic("broker-killed", 3);
    try (ProducerProcess producer =
        start(topic, "--rate 10000 --sources 1000 --threads 2").awaitSending()) {
      for (int round = 1; round <= 2; round++) {
        awaitAcknowledged(producer, 10_000 * round);
        broker.kill();
        awaitReadiness(producer, 503);
        assertThat(get(producer.url() + "/health/live").statusCode()).isEqualTo(200);
        broker.start();
        awaitReadiness(producer, 200);
      }
      awaitAcknowledged(producer, 30_000);
      producer.terminate();
      assertThat(producer.awaitExit()).as(producer.output() + producer.errors()).isZero();
      final JsonNode report = producer.report();
      assertThat(report.get("errors").asLong()).isZero();
      assertThat(report.get("acknowledged")).isEqualTo(report.get("produced"));
      final StoredTopic stored = StoredTopic.read(broker.serviceUrl(), topic);
      assertThat(stored.size()).isEqualTo(report.get("produced").asLong());
      stored.assertNothingLostOrRepeated();
    }
  }

  @Test
  void waitsForAProducerOfTheSameName() throws Exception {
    final String topic = broker.createTopic("same-name", 1);
    try (ProducerProcess first = start(topic, "--rate 100 --sources 10").awaitSending();
        ProducerProcess second = start(topic, "--rate 100 --sources 10 --duration 1s")) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> second.output().contains("is tried again"));
      assertThat(second.output()).doesNotContain("Producing");
      first.terminate();
      assertThat(first.awaitExit()).isZero();
      assertThat(second.awaitExit()).as(second.output() + second.errors()).isZero();
      assertThat(second.report().get("resumed_at")).isEqualTo(first.report().get("acknowledged"));
    }
    StoredTopic.read(broker.serviceUrl(), topic).assertNothingLostOrRepeated();
  }

  @Test
  void refusesATopicWithAnIncompatibleSchema() throws Exception {
    final String topic = broker.createTopic("other-schema", 2);
    try (PulsarClient client = PulsarClient.builder().serviceUrl(broker.serviceUrl()).build()) {
      client
          .newProducer(
              new AvroPayloadSchema(
                  SchemaBuilder.record("SensorReading")
                      .namespace("io.millrace.iot")
                      .fields()
                      .requiredString("sensorId")
                      .endRecord()))
          .topic(topic)
          .create()
          .close();
    }
    assertFails(
        start(topic, "--duration 1s"),
        "Topic " + topic + " has a schema that 'iot' is not compatible with");
  }

  @Test
  void refusesATopicThatIsMissing() throws Exception {
    final String topic = "persistent://public/default/missing";
    assertFails(
        start(topic, "--topic-wait 1s"),
        "Topic " + topic + " does not exist at " + broker.serviceUrl());
  }

  @Test
  void refusesATopicThatStoresRepeatedMessages() throws Exception {
    broker.createNamespaceWithoutDeduplication("public/repeating");
    final String topic = broker.createTopic("public/repeating", "topic", 2);
    assertFails(start(topic, "--duration 1s"), "does not drop repeated messages");
  }

  private static void assertFails(final ProducerProcess started, final String sentence)
      throws Exception {
    try (ProducerProcess producer = started) {
      assertThat(producer.awaitExit()).as(producer.output() + producer.errors()).isEqualTo(1);
      assertThat(producer.errors()).contains(sentence);
      assertThat(producer.errors().strip().lines()).hasSize(1);
    }
  }

  private static ProducerProcess start(final String topic, final String flags) throws Exception {
    return ProducerProcess.start(
        folder, "--service-url " + broker.serviceUrl() + " --topic " + topic + " " + flags);
  }

  private static void awaitReadiness(final ProducerProcess producer, final int status)
      throws Exception {
    final String url = producer.url() + "/health/ready";
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> get(url).statusCode() == status);
  }

  private static void awaitAcknowledged(final ProducerProcess producer, final long messages)
      throws Exception {
    final String url = producer.url() + "/metrics";
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                metric(get(url).body(), "millrace_producer_messages_acknowledged_total")
                    >= messages);
  }

  private static HttpResponse<String> get(final String url) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static double metric(final String metrics, final String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("No " + name + " in:\n" + metrics));
  }
}
