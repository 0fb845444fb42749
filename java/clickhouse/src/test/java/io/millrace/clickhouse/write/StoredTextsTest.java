package io.millrace.clickhouse.write;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.clickhouse.AggregateTable;
import io.millrace.clickhouse.EngineProcess;
import io.millrace.clickhouse.Layout;
import io.millrace.clickhouse.SchemaMigration;
import io.millrace.clickhouse.query.QueryBench;
import io.millrace.clickhouse.query.QueryReport;
import io.millrace.clickhouse.query.TableFill;
import io.millrace.events.domain.Domain;
import io.millrace.events.domain.DomainParser;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Texts that a domain may choose mean something to JDBC, to SQL or to the server. */
class StoredTextsTest {

  private static final List<String> LABELS =
      List.of(
          "{fn now()}",
          "{d '2020-01-01'}",
          "{ts '2020-01-01 00:00:00'}",
          "{oj x}",
          "it's",
          "a\\b",
          "\\N",
          "tab\there",
          "line\nbreak",
          "?",
          "%s %d",
          "-- no comment",
          "/* nor this */",
          "Gerät",
          "測定器",
          "`quoted`",
          "");

  private static final String SOURCE = "{fn now()} Gerät #%d?";

  @RegisterExtension static final EngineProcess ENGINE = new EngineProcess();

  private final Domain domain = domain();

  @BeforeEach
  void emptyTable() throws SQLException {
    try (Connection connection = ENGINE.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP DATABASE IF EXISTS t SYNC");
      final SchemaMigration migration = new SchemaMigration(connection, new Layout.Single());
      migration.apply(migration.plan(AggregateTable.of(domain)));
      assertThat(migration.plan(AggregateTable.of(domain)).isEmpty()).isTrue();
    }
  }

  @Test
  void whatIsWrittenIsStoredAsItIs() throws Exception {
    final RowWriter writer =
        new RowWriter(
            ENGINE::connect,
            List.of(domain),
            RowWriter.Target.LOCAL,
            new RowWriter.Load(10_000, 1_000, 0, 10_000),
            new Silent());
    assertThat(writer.run(Duration.ofSeconds(1))).isTrue();

    assertThat(texts("SELECT DISTINCT label FROM t.texts_local")).isEqualTo(Set.copyOf(LABELS));
    assertThat(texts("SELECT source FROM t.texts_local WHERE source LIKE '%#7?'"))
        .containsExactly(SOURCE.replace("%d", "7"));
  }

  @Test
  void whatIsFilledInIsStoredAsItIsAndFoundAgain() throws Exception {
    try (Connection connection = ENGINE.connect()) {
      new TableFill(domain, 1_000).fill(connection, 1_000, 1_800_000_000, done -> {});
    }
    assertThat(texts("SELECT DISTINCT label FROM t.texts_local")).isEqualTo(Set.copyOf(LABELS));

    final QueryReport report =
        new QueryBench(ENGINE::connect, domain, "texts_local", 50, 1, Duration.ofSeconds(1)).run();
    assertThat(report.kinds()).extracting(QueryReport.Kind::firstError).containsOnly("");
    assertThat(texts("SELECT source FROM t.texts_local WHERE source LIKE '%#7?'"))
        .containsExactly(SOURCE.replace("%d", "7"));
  }

  private static Domain domain() {
    final ObjectNode labels = new ObjectMapper().createObjectNode();
    for (int code = 0; code < LABELS.size(); code++) {
      labels.put(Integer.toString(code), LABELS.get(code));
    }
    return DomainParser.parse(
        "texts",
        """
        {"type":"record","name":"R","table":"t.texts_local","topic":"persistent://a/b/c","fields":[
         {"name":"source","type":"int","role":"key","format":"%s"},
         {"name":"time","type":{"type":"long","logicalType":"timestamp-millis"},"role":"time"},
         {"name":"label","type":"int","role":"dimension","unit":"{fn now()} it's",
          "labels":%s,"generate":{"from":0,"to":%d}}]}
        """
            .formatted(SOURCE, labels, LABELS.size() - 1));
  }

  private static Set<String> texts(final String sql) throws SQLException {
    final Set<String> texts = new TreeSet<>();
    try (Connection connection = ENGINE.connect();
        Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      try (ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          texts.add(rows.getString(1));
        }
      }
    }
    return texts;
  }

  private static final class Silent implements RowWriter.Listener {
    @Override
    public void progress(final RowWriter.Progress progress) {}

    @Override
    public void confirmed() {}

    @Override
    public void failed(final String table, final int attempt, final SQLException cause) {
      throw new AssertionError("Insert into " + table + " failed", cause);
    }
  }
}
