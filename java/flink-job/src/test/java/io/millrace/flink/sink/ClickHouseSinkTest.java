package io.millrace.flink.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.clickhouse.AggregateTable;
import io.millrace.clickhouse.RowColumn;
import io.millrace.clickhouse.error.ServerError;
import io.millrace.events.domain.Domain;
import io.millrace.events.domain.DomainParser;
import io.millrace.flink.CommitOnce;
import io.millrace.flink.TestDomains;
import io.millrace.flink.aggregate.Accumulator;
import io.millrace.flink.aggregate.AccumulatorLayout;
import io.millrace.flink.aggregate.Aggregation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClickHouseSinkTest {

  private static final Aggregation AGGREGATION = new Aggregation(TestDomains.IOT);
  private static final int STRIDE = AGGREGATION.layout().stride();

  private FakeClickHouse first;
  private FakeClickHouse second;

  @BeforeEach
  void open() throws SQLException {
    first = new FakeClickHouse("first");
    second = new FakeClickHouse("second");
  }

  @AfterEach
  void close() throws SQLException {
    first.close();
    second.close();
  }

  private static Accumulator row(final long source, final int events) {
    final long[] words = new long[STRIDE];
    AGGREGATION.clear(words, 0, source, 120_000);
    for (int i = 0; i < events; i++) {
      AGGREGATION.add(words, 0, TestDomains.event(new Random(source), source, 120_000 + i), 0);
    }
    return new Accumulator(words, 0);
  }

  private static List<RowBatch> batches(final int rows, final int batchRows, final int shards) {
    final ClickHouseWriter writer =
        new ClickHouseWriter(TestDomains.IOT.key(), STRIDE, batchRows, shards);
    for (int source = 0; source < rows; source++) {
      writer.write(row(source, 2), null);
    }
    final List<RowBatch> batches = new ArrayList<>(writer.prepareCommit());
    assertThat(writer.prepareCommit()).as("nothing leaves twice").isEmpty();
    return batches;
  }

  @Test
  void aTextThatMeansSomethingToJdbcIsStoredAsItIs() throws IOException, SQLException {
    final String iot =
        new String(
            TestDomains.class.getResourceAsStream("/domains/iot.avsc").readAllBytes(),
            StandardCharsets.UTF_8);
    final Domain domain = DomainParser.parse("iot", iot.replace("sensor_%d", "{fn now()} {d %d}"));
    assertThat(domain.key().text(7)).isEqualTo("{fn now()} {d 7}");

    try (BatchInserter inserter =
        new BatchInserter(domain, List.of(first.url()), new Properties())) {
      inserter.insert(batches(8, 8, 1).get(0));
    }

    assertThat(first.rows())
        .extracting(row -> row[1])
        .contains("{fn now()} {d 0}", "{fn now()} {d 7}");
  }

  private ClickHouseCommitter committer(final List<List<String>> shards) {
    return committer(shards, System::nanoTime);
  }

  private ClickHouseCommitter committer(
      final List<List<String>> shards, final LongSupplier nanoClock) {
    return new ClickHouseCommitter(
        shards.stream()
            .map(replicas -> new BatchInserter(TestDomains.IOT, replicas, new Properties()))
            .toList(),
        new UnregisteredMetricsGroup(),
        nanoClock);
  }

  @Test
  void rowsAreCutIntoBatchesWithTokensOfTheirOwn() {
    final List<RowBatch> batches = batches(25, 10, 1);
    assertThat(batches).extracting(RowBatch::rows).containsExactly(10, 10, 5);
    final Set<String> tokens = new HashSet<>();
    batches.forEach(batch -> tokens.add(batch.token()));
    batches(25, 10, 1).forEach(batch -> tokens.add(batch.token()));
    assertThat(tokens).hasSize(6);
  }

  @Test
  void anInsertOfUnknownOutcomeIsRepeatedAndCountedOnce() throws Exception {
    first.failNext(true, 159);
    first.failNext(false, 210);
    first.failNext(true, 159);
    committer(List.of(List.of(first.url()))).commit(CommitOnce.all(batches(25, 10, 1)));
    assertThat(first.inserts()).isEqualTo(6);
    assertThat(first.rows()).hasSize(25);
  }

  @Test
  void batchesThatComeBackWithACheckpointAreDroppedByTheirTokens() throws Exception {
    final RowBatchSerializer serializer = new RowBatchSerializer(AGGREGATION.layout());
    final List<RowBatch> restored = new ArrayList<>();
    final List<RowBatch> batches = batches(25, 10, 1);
    for (RowBatch batch : batches) {
      restored.add(serializer.deserialize(serializer.getVersion(), serializer.serialize(batch)));
    }
    final ClickHouseCommitter committer = committer(List.of(List.of(first.url())));
    committer.commit(CommitOnce.all(batches));
    committer.commit(CommitOnce.all(restored));
    assertThat(first.rows()).hasSize(25);
    assertThat(restored.get(2).words()).isEqualTo(batches.get(2).words());
  }

  @Test
  void batchesThatComeBackAfterClickHouseForgotTheirTokensAreNotInsertedAgain() throws Exception {
    final List<RowBatch> batches = batches(25, 10, 1);
    committer(List.of(List.of(first.url()))).commit(CommitOnce.all(batches));
    first.forgetTokens();
    committer(List.of(List.of(first.url()))).commit(CommitOnce.all(batches));
    assertThat(first.rows()).hasSize(25);
  }

  /** A job restored from an older savepoint makes them again, in other batches. */
  @Test
  void rowsThatAreMadeAgainAreInsertedOnlyWhereTheyAreMissing() throws Exception {
    committer(List.of(List.of(first.url()))).commit(CommitOnce.all(batches(12, 10, 1)));
    committer(List.of(List.of(first.url()))).commit(CommitOnce.all(batches(25, 25, 1)));
    assertThat(first.rows()).extracting(row -> row[1]).hasSize(25).doesNotHaveDuplicates();
  }

  @Test
  void replicasAreAlternatives() throws Exception {
    first.failNext(false, 210);
    committer(List.of(List.of(first.url(), second.url())))
        .commit(CommitOnce.all(batches(5, 10, 1)));
    assertThat(first.rows()).isEmpty();
    assertThat(second.rows()).hasSize(5);
  }

  @Test
  void shardsAreNoAlternatives() throws Exception {
    final List<RowBatch> sharded = batches(100, 1000, 2);
    assertThat(sharded).hasSize(2);
    committer(List.of(List.of(first.url()), List.of(second.url()))).commit(CommitOnce.all(sharded));
    assertThat(first.rows()).hasSizeBetween(20, 80);
    assertThat(first.rows().size() + second.rows().size()).isEqualTo(100);
  }

  /** The first replica stored it, but could not tell whether the second has it. */
  @Test
  void aBatchWithoutItsQuorumIsRepeatedAtTheOtherReplicaWithTheSameToken() throws Exception {
    first.failNext(true, ServerError.UNKNOWN_STATUS_OF_INSERT.code());
    final BatchInserter inserter =
        new BatchInserter(
            TestDomains.IOT,
            List.of(first.url(), second.url()),
            new Properties(),
            Quorum.within(2, Duration.ofSeconds(30)));
    final List<RowBatch> batches = batches(5, 10, 1);
    new ClickHouseCommitter(List.of(inserter), new UnregisteredMetricsGroup())
        .commit(CommitOnce.all(batches));
    assertThat(first.insertStatements())
        .isEqualTo(second.insertStatements())
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains(
            "insert_quorum = 2, insert_quorum_parallel = 1, insert_quorum_timeout = 15000",
            "insert_deduplication_token = '" + batches.get(0).token() + "'");
  }

  @Test
  void oneReplicaIsEnoughWithoutAQuorum() throws Exception {
    committer(List.of(List.of(first.url()))).commit(CommitOnce.all(batches(5, 10, 1)));
    assertThat(first.insertStatements())
        .singleElement(InstanceOfAssertFactories.STRING)
        .doesNotContain("quorum");
  }

  /** Of each trouble that stays, the first error. */
  @ParameterizedTest
  @EnumSource(
      value = ServerError.class,
      names = {
        "UNKNOWN_TABLE",
        "CANNOT_PARSE_INPUT_ASSERTION_FAILED",
        "ACCESS_DENIED",
        "UNKNOWN_SETTING",
        "TOO_MANY_PARTITIONS",
        "TABLE_IS_PERMANENTLY_READ_ONLY"
      })
  void whatTimeDoesNotCureFailsTheJobAtOnceWithASentence(final ServerError error) {
    first.failNext(false, error.code());
    assertThatThrownBy(
            () ->
                committer(List.of(List.of(first.url()))).commit(CommitOnce.all(batches(5, 10, 1))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(first.url())
        .hasMessageContaining("benchmark.sensors_local")
        .hasMessageContaining("error " + error.code() + ", " + error.name())
        .hasMessageContaining(error.trouble().advice());
    assertThat(first.inserts()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = ServerError.class,
      names = {
        "NETWORK_ERROR",
        "TOO_MANY_PARTS",
        "MEMORY_LIMIT_EXCEEDED",
        "NOT_ENOUGH_SPACE",
        "UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE",
        "UNKNOWN_STATUS_OF_INSERT",
        "TABLE_IS_READ_ONLY",
        "TABLE_IS_DROPPED"
      })
  void whatPassesIsTriedAgainHoweverLongItTakes(final ServerError error) throws Exception {
    for (int i = 0; i < 4; i++) {
      first.failNext(i % 2 == 0, error.code());
    }
    committer(List.of(List.of(first.url())), new Minutes(30))
        .commit(CommitOnce.all(batches(5, 10, 1)));
    assertThat(first.rows()).hasSize(5);
  }

  @Test
  void anErrorThatIsNotKnownIsTriedAgainForTenMinutes() {
    for (int i = 0; i < 4; i++) {
      first.failNext(false, 4711);
    }
    assertThatThrownBy(
            () ->
                committer(List.of(List.of(first.url())), new Minutes(3))
                    .commit(CommitOnce.all(batches(5, 10, 1))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("error 4711")
        .hasMessageContaining("attempts in 10 minutes");
    assertThat(first.inserts()).isBetween(2, 4);
  }

  @Test
  void howLongAnInsertFailsCanBeSeenWhileItDoes() throws Exception {
    final AtomicLong seconds = new AtomicLong();
    final FailingInsert failing = new FailingInsert(() -> seconds.get() * 1_000_000_000);
    final RowBatch batch = batches(5, 10, 1).get(0);
    assertThat(failing.seconds()).isZero();
    for (int minute = 0; minute < 30; minute++) {
      failing.failed(batch, first.url(), "t", new SQLException("", "", 252));
      seconds.addAndGet(60);
    }
    assertThat(failing.seconds()).isEqualTo(1800);
    failing.succeeded(batch);
    assertThat(failing.seconds()).isZero();
    failing.failed(batch, first.url(), "t", new SQLException("", "", 4711));
    assertThat(failing.seconds()).isZero();
  }

  /** Every look at it is some minutes after the one before. */
  private static final class Minutes implements LongSupplier {

    private final Duration step;
    private long now;

    Minutes(final int step) {
      this.step = Duration.ofMinutes(step);
    }

    @Override
    public long getAsLong() {
      return now += step.toNanos();
    }
  }

  @Test
  void everyColumnHoldsWhatItsNameSays() throws Exception {
    committer(List.of(List.of(first.url()))).commit(CommitOnce.all(batches(8, 10, 1)));
    final Accumulator row = row(7, 2);
    final Object[] values = first.rows().get(7);
    final List<RowColumn> columns = AggregateTable.of(TestDomains.IOT).columns();
    final AccumulatorLayout layout = AGGREGATION.layout();
    for (int i = 0; i < columns.size(); i++) {
      final Object value = values[i + 1];
      switch (columns.get(i).name()) {
        case "device_id" -> assertThat(value).isEqualTo("sensor_7");
        case "time" -> assertThat(value).isEqualTo(120L);
        case "record_count" -> assertThat(value).isEqualTo(2L);
        case "alert_count" -> assertThat(value).isEqualTo(row.word(AccumulatorLayout.ALERTS));
        case "temperature" ->
            assertThat(value)
                .isEqualTo(Double.longBitsToDouble(row.word(layout.firstMeasure())) / 2);
        case "temperature_min", "temperature_max" -> {
          final int slot = layout.firstMeasure() + (columns.get(i).name().endsWith("min") ? 1 : 2);
          assertThat(value).isEqualTo(Double.longBitsToDouble(row.word(slot)));
        }
        case "error_count" -> assertThat(value).isEqualTo(row.word(layout.firstCounter()));
        case "customer_id" ->
            assertThat(value)
                .isEqualTo("customer_" + row.word(AccumulatorLayout.FIRST_LAST_VALUE + 1));
        case "motion_detected" -> assertThat(value).isInstanceOf(Boolean.class);
        default -> assertThat(value).isNotNull();
      }
    }
  }

  @Test
  void urlsNameShardsAndReplicas() {
    final ClickHouseTarget target =
        ClickHouseTarget.parse(
            "jdbc:clickhouse://a:1, jdbc:clickhouse://b:1; jdbc:clickhouse://c:1",
            Duration.ofSeconds(1),
            10,
            1);
    assertThat(target.shards()).hasSize(2);
    assertThat(target.shards().get(0)).hasSize(2);
    assertThatThrownBy(() -> ClickHouseTarget.parse("http://a:1", Duration.ofSeconds(1), 10, 1))
        .hasMessageContaining("'http://a:1' must start with jdbc:clickhouse:");
  }
}
