package io.millrace.clickhouse.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.clickhouse.EngineProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerErrorTest {

  @RegisterExtension static final EngineProcess ENGINE = new EngineProcess();

  @BeforeAll
  static void createTable() throws SQLException {
    try (Connection connection = ENGINE.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE trouble");
      statement.execute(
          "CREATE TABLE trouble.t (n UInt8, m UInt8, CONSTRAINT small CHECK n < 100)"
              + " ENGINE = MergeTree PARTITION BY n ORDER BY n");
    }
  }

  @Test
  void namesAndNumbersAreTheEngines() throws SQLException {
    final Map<Integer, String> names = new HashMap<>();
    try (Connection connection = ENGINE.connect();
        Statement statement = connection.createStatement();
        ResultSet answer =
            statement.executeQuery("SELECT number, errorCodeToName(number) FROM numbers(1100)")) {
      while (answer.next()) {
        names.put(answer.getInt(1), answer.getString(2));
      }
    }
    assertThat(ServerError.values())
        .allSatisfy(error -> assertThat(names).containsEntry(error.code(), error.name()));
  }

  @Test
  void everyTroubleOfAServerIsTheMeaningOfAnError() {
    final Set<Trouble> met =
        Arrays.stream(ServerError.values())
            .map(ServerError::trouble)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Trouble.class)));
    assertThat(met).isEqualTo(EnumSet.complementOf(EnumSet.of(Trouble.UNKNOWN)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          INSERT INTO trouble.gone (n) VALUES (1)                                   | UNKNOWN_TABLE           | TABLE
          INSERT INTO gone.t (n) VALUES (1)                                         | UNKNOWN_DATABASE        | TABLE
          INSERT INTO trouble.t (x) VALUES (1)                                      | NO_SUCH_COLUMN_IN_TABLE | TABLE
          INSERT INTO trouble.t (n) VALUES ('text')                                 | CANNOT_PARSE_TEXT         | VALUES
          INSERT INTO trouble.t (n) VALUES (101)                                    | VIOLATED_CONSTRAINT     | VALUES
          INSERT INTO trouble.t (n) SETTINGS readonly = 1 VALUES (1)                | READONLY                | ACCESS
          INSERT INTO trouble.t SELECT * FROM file('a.csv')                         | ACCESS_DENIED           | ACCESS
          INSERT INTO trouble.t (n) VALEUS (1)                                      | SYNTAX_ERROR            | STATEMENT
          INSERT INTO trouble.t (n) SETTINGS no_such_setting = 1 VALUES (1)         | UNKNOWN_SETTING         | STATEMENT
          INSERT INTO trouble.t (n) SETTINGS max_partitions_per_insert_block = 1 VALUES (1), (2) | TOO_MANY_PARTS | LOAD
          INSERT INTO trouble.t (n) SELECT sum(number) % 99 FROM numbers(10000000) GROUP BY number SETTINGS max_memory_usage = 1000000 | MEMORY_LIMIT_EXCEEDED | LOAD
          INSERT INTO trouble.t (n) SELECT sleep(1) FROM numbers(3) SETTINGS max_execution_time = 1, max_block_size = 1 | TIMEOUT_EXCEEDED | LOAD
          """)
  void theEnginesOwnFailures(final String sql, final ServerError error, final Trouble trouble)
      throws SQLException {
    final SQLException failure;
    try (Connection connection = ENGINE.connect();
        Statement statement = connection.createStatement()) {
      failure = catchThrowableOfType(SQLException.class, () -> statement.execute(sql));
    }
    assertThat((Throwable) failure).isNotNull();
    assertThat(Diagnosis.of(failure))
        .as(failure.getMessage())
        .isEqualTo(new Diagnosis(trouble, error.code(), error.name()));
  }

  @Test
  void aWrongPasswordIsAMatterOfAccess() {
    final SQLException failure =
        catchThrowableOfType(
            SQLException.class,
            () -> {
              try (Connection connection =
                      DriverManager.getConnection(ENGINE.url(), "default", "wrong");
                  Statement statement = connection.createStatement()) {
                statement.execute("SELECT 1");
              }
            });
    assertThat(Diagnosis.of(failure).trouble()).isEqualTo(Trouble.ACCESS);
  }

  @Test
  void aServerThatIsNotThereIsAMatterOfTheNetwork() throws IOException {
    final int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    assertThat(Diagnosis.of(failureOf("jdbc:clickhouse://127.0.0.1:" + free)).trouble())
        .isEqualTo(Trouble.NETWORK);
  }

  @Test
  void aServerThatDoesNotAnswerIsAMatterOfTheNetwork() throws IOException {
    try (ServerSocket silent = new ServerSocket(0)) {
      assertThat(
              Diagnosis.of(failureOf("jdbc:clickhouse://127.0.0.1:" + silent.getLocalPort()))
                  .trouble())
          .isEqualTo(Trouble.NETWORK);
    }
  }

  private static SQLException failureOf(final String url) {
    final Properties properties = new Properties();
    properties.setProperty("socket_timeout", "500");
    return catchThrowableOfType(
        SQLException.class,
        () -> {
          try (Connection connection = DriverManager.getConnection(url, properties);
              Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1");
          } catch (RuntimeException e) {
            throw new SQLException(e.getMessage(), e);
          }
        });
  }

  @Test
  void whatIsNotInTheTableIsUnknown() {
    assertThat(Diagnosis.of(new SQLException("new", "", 4711)))
        .isEqualTo(new Diagnosis(Trouble.UNKNOWN, 4711, "unknown to this version"));
    assertThat(Diagnosis.of(new SQLException("wrapped", new IllegalStateException())).trouble())
        .isEqualTo(Trouble.UNKNOWN);
  }
}
