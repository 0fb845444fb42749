package io.millrace.local.clickhouse.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.clickhouse.engine.EngineException;
import io.millrace.local.clickhouse.http.Statement.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatementTest {

  /** A ¶ in the text stands for a line end, which the parameters of a test cannot hold. */
  private static Statement of(String text) throws EngineException {
    byte[] bytes = text.replace('¶', '\n').getBytes(UTF_8);
    return Statement.of(bytes, bytes.length);
  }

  private static String data(String sql) throws EngineException {
    byte[] bytes = sql.getBytes(UTF_8);
    Statement statement = of(sql);
    return new String(bytes, statement.dataStart(), bytes.length - statement.dataStart(), UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "INSERT INTO t VALUES (1)|INSERT INTO t |Values",
        "insert into t (a, b) settings x='VALUES', y=1 values (1, 2)|insert into t (a, b) settings"
            + " x='VALUES', y=1 |Values",
        "INSERT INTO db.values VALUES (1)|INSERT INTO db.values |Values",
        "INSERT INTO values VALUES (1)|INSERT INTO values |Values",
        "INSERT INTO format FORMAT CSV 1|INSERT INTO format |CSV",
        "INSERT INTO t (`VALUES`, format) FORMAT RowBinary x|INSERT INTO t (`VALUES`, format)"
            + " |RowBinary",
        "/* VALUES */ INSERT -- FORMAT¶ INTO t FORMAT TSV¶1|/* VALUES */ INSERT -- FORMAT¶ INTO t"
            + " |TSV",
        "INSERT INTO FUNCTION file('x', 'CSV', 'a Int') VALUES (1)|INSERT INTO FUNCTION file('x',"
            + " 'CSV', 'a Int') |Values",
        "INSERT INTO TABLE `it``s` VALUES (1)|INSERT INTO TABLE `it``s` |Values"
      })
  void insertsWithDataAreCutBeforeTheirFormat(String sql, String head, String format)
      throws EngineException {
    Statement statement = of(sql);
    assertThat(statement.kind()).isEqualTo(Kind.INSERT_DATA);
    assertThat(sql.replace('¶', '\n').substring(0, statement.headEnd()).strip())
        .isEqualTo(head.replace('¶', '\n').strip());
    assertThat(statement.format()).isEqualTo(format);
  }

  @Test
  void dataStartsAfterTheFirstLineEndOrBlank() throws EngineException {
    assertThat(data("INSERT INTO t FORMAT RowBinary\n\n\n")).isEqualTo("\n\n");
    assertThat(data("INSERT INTO t FORMAT RowBinary \r\n\n")).isEqualTo("\n");
    assertThat(data("INSERT INTO t FORMAT CSV 1,2")).isEqualTo("1,2");
    assertThat(data("INSERT INTO t VALUES(1)")).isEqualTo("(1)");
    assertThat(data("INSERT INTO t FORMAT CSV")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT 1|QUERY",
        "-- c¶(SELECT 1)|QUERY",
        "WITH 1 AS x SELECT x|QUERY",
        "SHOW TABLES|COMMAND",
        "CREATE TABLE t (a Int32) ENGINE = Memory|COMMAND",
        "INSERT INTO t SELECT 1|INSERT_SELECT",
        "INSERT INTO t WITH 1 AS x SELECT x|INSERT_SELECT",
        "INSERT INTO t|INSERT_SELECT",
        "SELECT 'unfinished|QUERY"
      })
  void statementsAreToldApart(String sql, Kind kind) throws EngineException {
    assertThat(of(sql).kind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "SELECT 1 FORMAT JSON|JSON",
        "SELECT 1 format CSV;|CSV",
        "SELECT 1 FORMAT TSV SETTINGS max_threads = 1|TSV",
        "SELECT 1 SETTINGS max_threads = 1 FORMAT TSV|TSV",
        "SELECT a AS format, b FROM t|none",
        "SELECT format FROM t|none",
        "SELECT 'FORMAT JSON'|none",
        "SELECT 1 /* FORMAT JSON */|none",
        "SELECT x FROM t WHERE s = $$ FORMAT $$ FORMAT Native|Native"
      })
  void theOutputFormatIsFound(String sql, String format) throws EngineException {
    assertThat(of(sql).format()).isEqualTo(format);
  }

  @Test
  void resultsWithTotalsAreWhole() throws EngineException {
    assertThat(of("SELECT a, count() FROM t GROUP BY a WITH TOTALS").wholeResult()).isTrue();
    assertThat(of("SELECT a, count() FROM t GROUP BY a").wholeResult()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELECT 1; SELECT 2", "SELECT 1;;DROP TABLE t", "", " -- nothing"})
  void oneStatementIsAllowed(String sql) {
    assertThatThrownBy(() -> of(sql))
        .isInstanceOfSatisfying(
            EngineException.class,
            e -> assertThat(e.code()).isEqualTo(EngineException.SYNTAX_ERROR));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELECT 1;", "SELECT ';'; ; -- end"})
  void aClosingSemicolonIsAllowed(String sql) throws EngineException {
    assertThat(of(sql).kind()).isEqualTo(Kind.QUERY);
  }

  @Test
  void insertsFromTheInputFunctionAreRefused() {
    assertThatThrownBy(() -> of("INSERT INTO t SELECT a FROM input('a Int32') FORMAT CSV 1"))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("input()");
  }
}
