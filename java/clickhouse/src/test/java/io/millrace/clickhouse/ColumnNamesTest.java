package io.millrace.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.clickhouse.query.QueryKind;
import io.millrace.clickhouse.query.QuerySet;
import io.millrace.events.domain.Domain;
import io.millrace.events.domain.DomainParser;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A team may call its columns what it likes: it works, or the name is refused with a reason. */
class ColumnNamesTest {

  /** Words that mean something to the engine although they are no keywords of its grammar. */
  private static final List<String> OTHER_WORDS =
      List.of(
          "inf",
          "nan",
          "infinity",
          "now",
          "step",
          "events",
          "alerts",
          "sources",
          "source",
          "n",
          "delay",
          "number",
          "value",
          "a".repeat(64));

  /** Without it the engine takes no connection. */
  private static final String DEFAULT_DATABASE = "default";

  /** What a domain may not use: see the parser's tests. */
  private static final Set<String> REFUSED = Set.of("not", "system");

  private static final int COLUMNS = 5;

  private static final String NUMBER =
      "'generate':{'mean':1,'spread':1,'drift':1,'noise':1,'step':1,'from':0,'to':9}";

  @RegisterExtension static final EngineProcess ENGINE = new EngineProcess();

  /**
   * Each word once as database and table, key, time, dimension, measure and counter, beside the
   * words after it.
   */
  @Test
  void everyWordOfTheEngineIsANameForEverythingThatADomainNames() throws SQLException {
    final Map<String, String> problems = new TreeMap<>();
    try (Connection connection = ENGINE.connect()) {
      final List<String> words = words(connection);
      for (int i = 0; i < words.size(); i++) {
        final String table = words.get(i) + "." + words.get(i);
        final List<String> columns = new ArrayList<>();
        for (int column = 0; column < COLUMNS; column++) {
          columns.add(words.get((i + column) % words.size()));
        }
        try {
          final Domain domain = domain(table, columns);
          tryOut(connection, domain);
          if (!words.get(i).equals(DEFAULT_DATABASE)) {
            execute(connection, "DROP DATABASE `" + words.get(i) + "` SYNC");
          }
        } catch (SQLException | AssertionError | RuntimeException e) {
          problems.put(table + columns, e.getMessage().strip());
        }
      }
    }
    assertThat(problems).isEmpty();
  }

  /** Tables, a row, the same plan again, every query, none left behind. */
  private static void tryOut(final Connection connection, final Domain domain) throws SQLException {
    final AggregateTable table = AggregateTable.of(domain);
    final SchemaMigration migration = new SchemaMigration(connection, new Layout.Single());
    migration.apply(migration.plan(table));
    try {
      assertThat(migration.plan(table)).isEqualTo(new SchemaPlan(List.of(), List.of()));
      try (PreparedStatement insert = connection.prepareStatement(table.insertSql("token"))) {
        for (int i = 1; i <= table.columns().size(); i++) {
          switch (table.columns().get(i - 1).type()) {
            case STRING, LOW_CARDINALITY_STRING -> insert.setString(i, "text");
            default -> insert.setLong(i, 5);
          }
        }
        insert.addBatch();
        insert.executeBatch();
      }
      final QuerySet queries = new QuerySet(domain, table.name());
      for (QueryKind kind : QueryKind.values()) {
        final QuerySet.Query query = queries.query(kind, 5);
        try (PreparedStatement statement = connection.prepareStatement(query.sql())) {
          if (query.parameterColumn().isPresent()) {
            statement.setString(1, "text");
          }
          try (ResultSet rows = statement.executeQuery()) {
            assertThat(rows.next()).as("%s answers", kind).isTrue();
          }
        }
      }
    } finally {
      execute(connection, "DROP TABLE `" + table.database() + "`.`" + table.name() + "` SYNC");
    }
  }

  private static List<String> words(final Connection connection) throws SQLException {
    final List<String> words = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT keyword FROM system.keywords")) {
      while (rows.next()) {
        words.add(rows.getString(1).toLowerCase(Locale.ROOT));
      }
    }
    assertThat(words).hasSizeGreaterThan(400);
    return Stream.concat(words.stream(), OTHER_WORDS.stream())
        .filter(word -> word.matches("[a-z][a-z0-9_]*"))
        .distinct()
        .filter(word -> !REFUSED.contains(word))
        .toList();
  }

  private static Domain domain(final String table, final List<String> columns) {
    final String json =
        ("{'type':'record','name':'R','table':'%s','topic':'persistent://a/b/c','fields':["
                + "{'name':'k','type':'int','role':'key','format':'k_%%d','column':'%s'},"
                + "{'name':'t','type':{'type':'long','logicalType':'timestamp-millis'},"
                + "'role':'time','column':'%s'},"
                + "{'name':'x','type':'int','role':'dimension','format':'x_%%d','column':'%s',"
                + "'generate':{'from':1,'to':9}},"
                + "{'name':'m','type':'double','role':'measure','column':'%s',"
                + "'alert':{'above':1},%s},"
                + "{'name':'c','type':'long','role':'counter','column':'%s',"
                + "'generate':{'from':0,'to':9}}]}")
            .formatted(
                table,
                columns.get(0),
                columns.get(1),
                columns.get(2),
                columns.get(3),
                NUMBER,
                columns.get(4));
    return DomainParser.parse("names", json.replace('\'', '"'));
  }

  private static void execute(final Connection connection, final String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
