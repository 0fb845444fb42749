package io.millrace.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.audit.Corrections.Correction;
import io.millrace.clickhouse.AggregateTable;
import io.millrace.clickhouse.EngineProcess;
import io.millrace.clickhouse.Layout;
import io.millrace.clickhouse.SchemaMigration;
import io.millrace.events.domain.Domain;
import io.millrace.local.broker.BrokerProcess;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Rows made anew from a real broker's topic, in a table of the real engine. */
class RecomputeTest {

  @RegisterExtension static final EngineProcess ENGINE = new EngineProcess();

  private static final AuditedDomain IOT = AuditedDomain.load("iot");
  private static final AggregateTable TABLE = AggregateTable.of(Domain.load("iot"));
  private static final Instant FROM =
      Instant.now().truncatedTo(ChronoUnit.MINUTES).minus(Duration.ofHours(1));
  private static final Instant TO = FROM.plus(Duration.ofMinutes(2));
  private static final int SOURCES = 5;
  private static final String MADE_UP = "sensor_1000000005";

  @TempDir private static Path brokerFolder;
  private static BrokerProcess broker;
  private static PulsarClient client;
  private static int topics;

  private String topic;
  private Connection connection;

  @BeforeAll
  static void start() throws Exception {
    broker = new BrokerProcess(brokerFolder);
    broker.start();
    client = PulsarClient.builder().serviceUrl(broker.serviceUrl()).build();
  }

  @AfterAll
  static void stop() throws Exception {
    client.close();
    broker.close();
  }

  @BeforeEach
  void prepare() throws SQLException {
    topic = "persistent://public/default/recompute-" + topics++;
    connection = ENGINE.connect();
    execute("DROP DATABASE IF EXISTS benchmark");
    final SchemaMigration migration = new SchemaMigration(connection, new Layout.Single());
    migration.apply(migration.plan(TABLE));
  }

  @AfterEach
  void disconnect() throws SQLException {
    connection.close();
  }

  @Test
  void missingWrongAndDoubledRowsAndLateEventsComeBackRight() throws Exception {
    publishAndStoreAsTheJobDoes();
    publishLate(1, FROM.plusSeconds(7));
    damage();

    final String before = table();
    final Recompute.Result planned = run(settings(true));
    assertThat(planned).isEqualTo(new Recompute.Result(21, 1, 10, 1, 2, 1, 0));
    assertThat(table()).isEqualTo(before);

    assertThat(run(settings(false))).isEqualTo(planned);
    assertRight();
    final String right = table();
    assertThat(run(settings(false)).corrections()).isZero();
    assertThat(table()).isEqualTo(right);
  }

  @Test
  void anInterruptedRunIsCompletedByTheNext() throws Exception {
    publishAndStoreAsTheJobDoes();
    publishLate(1, FROM.plusSeconds(7));
    damage();

    assertThatThrownBy(() -> run(settings(false), InterruptedTable::new))
        .isInstanceOf(AuditException.class)
        .hasMessageContaining("repeat the command");
    assertThat(value("SELECT count() FROM benchmark.sensors_local")).isEqualTo("15");

    assertThat(run(settings(false)).doubled()).isEqualTo(3);
    assertRight();
    assertThat(run(settings(false)).corrections()).isZero();
  }

  @Test
  void oneSourceIsCorrectedAlone() throws Exception {
    publishAndStoreAsTheJobDoes();
    damage();

    assertThat(run(settings(false, Optional.of("sensor_2"), true)))
        .isEqualTo(new Recompute.Result(4, 0, 2, 1, 0, 0, 0));
    assertThat(value("SELECT count() FROM benchmark.sensors_local")).isEqualTo("12");
  }

  @Test
  void windowsThatTheJobMayStillWriteAreRefused() throws Exception {
    publishAndStoreAsTheJobDoes();

    assertThatThrownBy(() -> run(settings(false, Optional.empty(), false)))
        .isInstanceOf(AuditException.class)
        .hasMessageContaining(TO.plus(Duration.ofMinutes(5)).toString());
    // made-up rows are no sign of the job
    execute(insertCopy("device_id = 'sensor_1'", "'" + MADE_UP + "' AS device_id, now() AS time"));
    assertThatThrownBy(() -> run(settings(false, Optional.empty(), false)))
        .isInstanceOf(AuditException.class);
    execute(insertCopy("device_id = 'sensor_1' LIMIT 1", "now() AS time"));
    assertThat(run(settings(false, Optional.empty(), false)).corrections()).isZero();
  }

  @Test
  void windowsWhoseMessagesMayBeGoneAreRefused() throws Exception {
    // nothing says that this producer's first message is the topic's
    try (Producer<byte[]> producer = producer("another-producer")) {
      send(producer, 1, FROM);
    }

    assertThatThrownBy(() -> run(settings(false)))
        .isInstanceOf(AuditException.class)
        .hasMessageContaining("that is the earliest --from");
  }

  /** Two events of each source and minute, in rows of version 0. */
  private void publishAndStoreAsTheJobDoes() throws Exception {
    try (Producer<byte[]> producer = producer("millrace-recompute-0-p0")) {
      for (int source = 1; source <= SOURCES; source++) {
        for (int second : new int[] {3, 5, 63, 65}) {
          send(producer, source, FROM.plusSeconds(second));
        }
      }
    }
    assertThat(run(settings(false))).isEqualTo(new Recompute.Result(20, 0, 10, 10, 0, 0, 0));
    execute(insertCopy("1", "0 AS row_version"));
    execute("DELETE FROM benchmark.sensors_local WHERE row_version > 0");
    assertThat(run(settings(false)).corrections()).isZero();
  }

  private Producer<byte[]> producer(final String name) throws Exception {
    return client
        .newProducer(org.apache.pulsar.client.api.Schema.NATIVE_AVRO(IOT.schema()))
        .topic(topic)
        .producerName(name)
        .enableBatching(false)
        .create();
  }

  private static byte[] event(final int source, final Instant time) {
    final GenericRecord event = new GenericData.Record(IOT.schema());
    for (Schema.Field field : IOT.schema().getFields()) {
      event.put(
          field.pos(),
          switch (field.schema().getType()) {
            case INT -> 1;
            case LONG -> 2L;
            case FLOAT -> 3f;
            case DOUBLE -> 20.0 + time.getEpochSecond() % 7;
            case BOOLEAN -> true;
            default -> throw new AssertionError(field);
          });
    }
    event.put(IOT.key().position(), source);
    event.put(IOT.time().position(), time.toEpochMilli());
    return Fixture.encode(event);
  }

  private static MessageId send(
      final Producer<byte[]> producer, final int source, final Instant time) throws Exception {
    return producer.send(event(source, time));
  }

  /** An event that the job found late. */
  private void publishLate(final int source, final Instant time) throws Exception {
    final MessageIdAdv id;
    try (Producer<byte[]> producer = producer("millrace-recompute-0-p0")) {
      id = (MessageIdAdv) send(producer, source, time);
    }
    try (Producer<byte[]> letters = client.newProducer().topic(topic + "-late").create()) {
      letters
          .newMessage()
          .property(Origin.PARTITION, "-1")
          .property(
              Origin.MESSAGE_ID,
              id.getLedgerId() + ":" + id.getEntryId() + ":" + id.getBatchIndex())
          .property("millrace.reason", "watermark 1")
          .value(event(source, time))
          .send();
    }
  }

  /** Of the first minute: a row less, a wrong one, one twice; and one of another writer. */
  private void damage() throws SQLException {
    final String first = "time = toDateTime(" + FROM.getEpochSecond() + ") AND device_id = ";
    execute("DELETE FROM benchmark.sensors_local WHERE " + first + "'sensor_2'");
    execute(insertCopy(first + "'sensor_3'", "humidity + 1 AS humidity, 1 AS row_version"));
    execute(
        "DELETE FROM benchmark.sensors_local WHERE row_version = 0 AND " + first + "'sensor_3'");
    execute(insertCopy(first + "'sensor_4'", "now64(3) AS inserted_at"));
    execute(insertCopy(first + "'sensor_1'", "'" + MADE_UP + "' AS device_id"));
  }

  private static String insertCopy(final String where, final String replaced) {
    final StringBuilder columns = new StringBuilder();
    for (String one : replaced.split(", (?=[^)]*(\\(|$))")) {
      final String[] parts = one.split(" AS ");
      columns
          .append(columns.isEmpty() ? "" : ", ")
          .append(parts[0])
          .append(" AS ")
          .append(parts[1]);
    }
    return "INSERT INTO benchmark.sensors_local SELECT * REPLACE ("
        + columns
        // the condition is on what is there, not on what takes its place
        + ") FROM (SELECT * FROM benchmark.sensors_local WHERE "
        + where
        + ")";
  }

  private void assertRight() throws SQLException {
    assertThat(
            value(
                "SELECT concat(toString(count()), ' ', toString(uniqExact(device_id, time)))"
                    + " FROM benchmark.sensors_local"))
        .isEqualTo("11 11");
    assertThat(
            value(
                "SELECT record_count FROM benchmark.sensors_local WHERE row_version > 0 AND"
                    + " device_id = 'sensor_1'"))
        .isEqualTo("3");
    assertThat(value("SELECT count() FROM benchmark.sensors_local WHERE row_version > 0"))
        .isEqualTo("4");
    // what projections say is what the rows say
    assertThat(
            value("SELECT count() FROM benchmark.sensors_local WHERE NOT has_alert AND time > 0"))
        .isEqualTo(
            value(
                "SELECT countIf(NOT has_alert) FROM benchmark.sensors_local SETTINGS"
                    + " optimize_use_projections = 0"));
    final AuditReport report = audit();
    assertThat(report.examples()).isEmpty();
    assertThat(report.passed()).isTrue();
    assertThat(report.produced()).isEqualTo(21).isEqualTo(report.aggregated());
    assertThat(report.restated()).isEqualTo(1);
    assertThat(report.foreignRows()).isEqualTo(1);
  }

  private AuditReport audit() {
    return new Audit(
            new Audit.Settings(
                "iot",
                broker.serviceUrl(),
                Optional.empty(),
                Optional.of(topic),
                Replicas.parse(ENGINE.url()),
                Optional.empty(),
                "default",
                System.getenv("CLICKHOUSE_PASSWORD"),
                new Audit.JobSettings(
                    Duration.ofMinutes(5),
                    Duration.ofDays(30),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(1)),
                Optional.empty(),
                Optional.empty(),
                1_000_000_000,
                List.of(),
                Optional.empty()),
            nowhere())
        .run();
  }

  private Recompute.Settings settings(final boolean dryRun) {
    return settings(dryRun, Optional.empty(), true);
  }

  private Recompute.Settings settings(
      final boolean dryRun, final Optional<String> source, final boolean atRest) {
    return new Recompute.Settings(
        "iot",
        broker.serviceUrl(),
        Optional.empty(),
        Optional.of(topic),
        Replicas.parse(ENGINE.url()),
        Optional.empty(),
        "default",
        System.getenv("CLICKHOUSE_PASSWORD"),
        Duration.ofMinutes(5),
        Duration.ofDays(30),
        FROM,
        TO,
        source,
        1_000_000_000,
        atRest,
        dryRun);
  }

  private static Recompute.Result run(final Recompute.Settings settings) {
    return run(settings, UnaryOperator.identity());
  }

  private static Recompute.Result run(
      final Recompute.Settings settings, final UnaryOperator<CorrectedTable> access) {
    return new Recompute(settings, nowhere(), access).run();
  }

  private static PrintStream nowhere() {
    return new PrintStream(new ByteArrayOutputStream());
  }

  /** Goes down between insertions and deletions. */
  private record InterruptedTable(CorrectedTable table) implements CorrectedTable {

    @Override
    public void insert(final int shard, final List<Correction> corrections) throws SQLException {
      table.insert(shard, corrections);
    }

    @Override
    public void delete(final int shard, final List<Correction> corrections) throws SQLException {
      throw new SQLException("connection lost");
    }
  }

  private void execute(final String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }

  private String value(final String sql) throws SQLException {
    return values(sql).get(0);
  }

  private String table() throws SQLException {
    return String.join(
        "\n",
        values(
            "SELECT toString(tuple(*)) FROM benchmark.sensors_local ORDER BY device_id, time,"
                + " row_version, inserted_at"));
  }

  private List<String> values(final String sql) throws SQLException {
    final List<String> values = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        values.add(result.getString(1));
      }
    }
    return values;
  }
}
