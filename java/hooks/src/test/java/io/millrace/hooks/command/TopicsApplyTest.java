package io.millrace.hooks.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.hooks.ensemble.Ensemble;
import io.millrace.hooks.ensemble.EnsembleExtension;
import io.millrace.options.DurationConverter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaBuilder.FieldAssembler;
import org.apache.pulsar.client.admin.PulsarAdmin;
import org.apache.pulsar.client.admin.PulsarAdminException;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException.IncompatibleSchemaException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.common.policies.data.AuthAction;
import org.apache.pulsar.common.policies.data.BacklogQuota;
import org.apache.pulsar.common.policies.data.RetentionPolicies;
import org.apache.pulsar.common.policies.data.SchemaCompatibilityStrategy;
import org.apache.pulsar.common.schema.SchemaInfo;
import org.apache.pulsar.common.schema.SchemaType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code millrace topics apply} on a real broker; every test has a topic of its own. */
@ExtendWith(EnsembleExtension.class)
class TopicsApplyTest {
  private static final int WEEK_MINUTES = 7 * 24 * 60;

  @TempDir private Path directory;
  private Ensemble ensemble;
  private PulsarAdmin admin;
  private String topic;

  @BeforeEach
  void connect(Ensemble shared, TestInfo test) throws Exception {
    ensemble = shared;
    admin = PulsarAdmin.builder().serviceHttpUrl(ensemble.adminUrl().toString()).build();
    topic = "persistent://public/default/" + test.getTestMethod().orElseThrow().getName();
  }

  @AfterEach
  void disconnect() {
    admin.close();
  }

  private record Result(int exitCode, String output) {}

  private Result apply(int partitions, String... options) {
    StringWriter output = new StringWriter();
    String[] arguments =
        Stream.concat(
                Stream.of(
                    "apply",
                    "--admin-url=" + ensemble.adminUrl(),
                    "--topic=" + topic,
                    "--partitions=" + partitions),
                Stream.of(options))
            .toArray(String[]::new);
    int exitCode =
        new CommandLine(new TopicsCommand())
            .registerConverter(Duration.class, new DurationConverter())
            .setErr(new PrintWriter(output, true))
            .execute(arguments);
    return new Result(exitCode, output.toString());
  }

  private void accepted(Result result) {
    assertThat(result.exitCode()).as(result.output()).isZero();
  }

  private void refused(Result result, String... reasons) {
    assertThat(result.exitCode()).as(result.output()).isEqualTo(1);
    assertThat(result.output()).contains(reasons).doesNotContain("\tat ");
  }

  private int partitions(String name) throws PulsarAdminException {
    return admin.topics().getPartitionedTopicMetadata(name).partitions;
  }

  @Test
  void createsTheTopicAndItsSideTopicsAsAsked() throws Exception {
    accepted(
        apply(4, "--retention-size=2G", "--grant=role:a=produce+consume", "--grant=b=produce"));
    for (String name : new String[] {topic, topic + "-late", topic + "-dead-letter"}) {
      assertThat(partitions(name)).isEqualTo(4);
      assertThat(admin.topicPolicies().getRetention(name))
          .isEqualTo(new RetentionPolicies(WEEK_MINUTES, 2048));
      assertThat(admin.topics().getPermissions(name))
          .containsEntry("role:a", Set.of(AuthAction.produce, AuthAction.consume))
          .containsEntry("b", Set.of(AuthAction.produce));
    }
    assertThat(admin.topicPolicies().getDeduplicationStatus(topic)).isTrue();
    assertThat(admin.topicPolicies().getSchemaCompatibilityStrategy(topic, false))
        .isEqualTo(SchemaCompatibilityStrategy.FULL_TRANSITIVE);
    SchemaInfo schema = admin.schemas().getSchemaInfo(topic);
    assertThat(schema.getType()).isEqualTo(SchemaType.AVRO);
    assertThat(new org.apache.avro.Schema.Parser().parse(schema.getSchemaDefinition()).getName())
        .isEqualTo("SensorReading");
    assertThat(admin.schemas().getAllSchemas(topic + "-late")).isEmpty();
  }

  @Test
  void aSecondRunChangesNothing() throws Exception {
    String grant = "--grant=a=produce";
    assertThat(apply(2, grant).output()).contains("created", "registered", "may [produce]");
    assertThat(apply(2, grant))
        .isEqualTo(new Result(0, "topics: " + topic + " is as asked" + System.lineSeparator()));
    assertThat(admin.schemas().getAllSchemas(topic)).hasSize(1);
  }

  @Test
  void growsAndNeverShrinks() throws Exception {
    accepted(apply(2));
    assertThat(apply(3).output()).contains(topic + ": grown from 2 to 3 partitions");
    assertThat(partitions(topic)).isEqualTo(3);
    assertThat(partitions(topic + "-late")).isEqualTo(3);

    Result fewer = apply(1, "--retention=1d");
    accepted(fewer);
    assertThat(fewer.output()).contains(topic + ": keeps its 3 partitions");
    assertThat(partitions(topic)).isEqualTo(3);
    assertThat(admin.topicPolicies().getRetention(topic))
        .isEqualTo(new RetentionPolicies(WEEK_MINUTES / 7, -1));
  }

  @Test
  void morePartitionsShareWhatFewerWouldKeepAndGiveItBack() throws Exception {
    accepted(apply(2, "--retention-size=12G"));
    assertKept(12, 11);
    accepted(apply(4, "--retention-size=6G"));
    assertKept(6, 5);
    accepted(apply(2, "--retention-size=8G"));
    assertThat(partitions(topic)).isEqualTo(4);
    assertKept(4, 3);
    accepted(apply(4, "--retention-size=9G"));
    assertKept(9, 8);
  }

  private void assertKept(long retentionGib, long backlogGib) throws PulsarAdminException {
    assertThat(admin.topicPolicies().getRetention(topic))
        .isEqualTo(new RetentionPolicies(WEEK_MINUTES, (int) (retentionGib << 10)));
    BacklogQuota backlog =
        admin
            .topicPolicies()
            .getBacklogQuotaMap(topic)
            .get(BacklogQuota.BacklogQuotaType.destination_storage);
    assertThat(backlog.getLimitSize()).isEqualTo(backlogGib << 30);
    assertThat(backlog.getPolicy()).isEqualTo(BacklogQuota.RetentionPolicy.producer_request_hold);
  }

  @Test
  void aSchemaMayGainAFieldWithADefaultAndLoseItAgain() throws Exception {
    Path first = schema("first.avsc", fields());
    Path second = schema("second.avsc", fields().name("b").type().intType().intDefault(0));
    accepted(apply(1, "--schema=" + first));
    accepted(apply(1, "--schema=" + second));
    assertThat(admin.schemas().getAllSchemas(topic)).hasSize(2);
    assertThat(apply(1, "--schema=" + first).output()).doesNotContain("registered");
  }

  @Test
  void anIncompatibleSchemaIsRefusedBeforeAnythingChanges() throws Exception {
    accepted(apply(1, "--schema=" + schema("first.avsc", fields())));
    Path wrong = schema("wrong.avsc", fields().requiredString("c"));
    refused(
        apply(2, "--schema=" + wrong, "--retention=1d"),
        "is not FULL_TRANSITIVE with the registered ones",
        "give new fields a default");
    assertThat(partitions(topic)).isEqualTo(1);
    assertThat(admin.topicPolicies().getRetention(topic))
        .isEqualTo(new RetentionPolicies(WEEK_MINUTES, -1));
    assertThat(admin.schemas().getAllSchemas(topic)).hasSize(1);
  }

  @Test
  void producersOfTheRegisteredSchemaAddNoVersionAndOthersAreRefused() throws Exception {
    Path file = schema("first.avsc", fields());
    accepted(apply(1, "--schema=" + file));
    org.apache.avro.Schema avro = new org.apache.avro.Schema.Parser().parse(file.toFile());
    org.apache.avro.Schema wrong =
        new org.apache.avro.Schema.Parser()
            .parse(schema("wrong.avsc", fields().requiredString("c")).toFile());
    try (PulsarClient client = PulsarClient.builder().serviceUrl(ensemble.serviceUrl()).build();
        Producer<byte[]> producer =
            client.newProducer(Schema.NATIVE_AVRO(avro)).topic(topic).create()) {
      assertThat(producer.isConnected()).isTrue();
      assertThat(admin.schemas().getAllSchemas(topic)).hasSize(1);
      assertThatThrownBy(
              () -> client.newProducer(Schema.NATIVE_AVRO(wrong)).topic(topic).create().close())
          .isInstanceOf(IncompatibleSchemaException.class);
    }
  }

  @Test
  void onlyTheHookRegistersSchemas() throws Exception {
    org.apache.avro.Schema next =
        new org.apache.avro.Schema.Parser()
            .parse(schema("next.avsc", fields().name("b").type().intType().intDefault(0)).toFile());
    accepted(apply(1, "--schema=" + schema("first.avsc", fields())));
    try (PulsarClient client = PulsarClient.builder().serviceUrl(ensemble.serviceUrl()).build()) {
      assertThatThrownBy(
              () -> client.newProducer(Schema.NATIVE_AVRO(next)).topic(topic).create().close())
          .isInstanceOf(IncompatibleSchemaException.class)
          .hasMessageContaining("schema auto updating is disabled");
      assertThat(admin.schemas().getAllSchemas(topic)).hasSize(1);

      accepted(apply(1, "--schema=" + directory.resolve("next.avsc")));
      try (Producer<byte[]> producer =
          client.newProducer(Schema.NATIVE_AVRO(next)).topic(topic).create()) {
        assertThat(producer.isConnected()).isTrue();
      }
      assertThat(admin.schemas().getAllSchemas(topic)).hasSize(2);
    }
  }

  @Test
  void aTopicWithAnotherKindOfSchemaIsRefused() throws Exception {
    admin.topics().createPartitionedTopic(topic, 1);
    admin
        .schemas()
        .createSchema(
            topic,
            SchemaInfo.builder().name("text").type(SchemaType.STRING).schema(new byte[0]).build());
    refused(apply(2), "has a schema of type STRING, not AVRO");
    assertThat(partitions(topic)).isEqualTo(1);
  }

  @Test
  void aTopicWithoutPartitionsIsRefused() throws Exception {
    admin.topics().createNonPartitionedTopic(topic);
    refused(apply(2), "exists without partitions and cannot be given any");
  }

  @Test
  void aNamespaceThatDoesNotAppearIsNamed() {
    topic = "persistent://public/missing/topic";
    refused(apply(1, "--wait=2s"), "namespace public/missing is not there after 2 s");
  }

  @Test
  void brokersThatDoNotAnswerAreNamed() {
    StringWriter output = new StringWriter();
    int exitCode =
        new CommandLine(new TopicsCommand())
            .registerConverter(Duration.class, new DurationConverter())
            .setErr(new PrintWriter(output, true))
            .execute("apply", "--admin-url=http://127.0.0.1:9", "--partitions=1", "--wait=1s");
    refused(new Result(exitCode, output.toString()), "see whether the brokers run");
  }

  private static FieldAssembler<org.apache.avro.Schema> fields() {
    return SchemaBuilder.record("Reading").namespace("test").fields().requiredInt("a");
  }

  private Path schema(String name, FieldAssembler<org.apache.avro.Schema> fields)
      throws IOException {
    return Files.writeString(
        directory.resolve(name), fields.endRecord().toString(), StandardCharsets.UTF_8);
  }
}
