package io.millrace.local.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The unmodified JDBC driver against the server. */
class JdbcTest {

  @TempDir private static Path directory;

  private static ServerProcess server;

  @BeforeAll
  static void start() throws Exception {
    server = ServerProcess.start(directory);
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  private static void execute(String... statements) throws SQLException {
    try (Connection connection = server.jdbc();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static long number(String sql) throws SQLException {
    try (Connection connection = server.jdbc();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getLong(1);
    }
  }

  @Test
  void everyTypeOfTheTablesComesBackAsItWasWritten() throws SQLException {
    execute(
        """
        CREATE TABLE types (
          id Int32, big Int64, reading Float64, at DateTime, at_ms DateTime64(3),
          name String, kind LowCardinality(String), flag Bool, code UInt8
        ) ENGINE = MergeTree ORDER BY id\
        """);
    LocalDateTime second = LocalDateTime.of(2026, 3, 29, 2, 30, 17);
    LocalDateTime milli = LocalDateTime.of(1999, 12, 31, 23, 59, 59, 987_000_000);
    String name = "tab\there 'quoted' \\ back\nline ä漢🙂\u0001";
    try (Connection connection = server.jdbc();
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO types VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      insert.setInt(1, Integer.MIN_VALUE);
      insert.setLong(2, Long.MAX_VALUE);
      insert.setDouble(3, -0.1 + 1e-17);
      insert.setObject(4, second);
      insert.setObject(5, milli);
      insert.setString(6, name);
      insert.setString(7, "temperature");
      insert.setBoolean(8, true);
      insert.setInt(9, 255);
      insert.addBatch();
      insert.setInt(1, 7);
      insert.setLong(2, Long.MIN_VALUE);
      insert.setDouble(3, Double.MAX_VALUE);
      insert.setObject(4, second.plusHours(1));
      insert.setObject(5, milli.plusYears(50));
      insert.setString(6, "");
      insert.setString(7, "");
      insert.setBoolean(8, false);
      insert.setInt(9, 0);
      insert.addBatch();
      assertThat(insert.executeBatch()).hasSize(2);
    }
    try (Connection connection = server.jdbc();
        Statement select = connection.createStatement();
        ResultSet rows = select.executeQuery("SELECT * FROM types ORDER BY id")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt("id")).isEqualTo(Integer.MIN_VALUE);
      assertThat(rows.getLong("big")).isEqualTo(Long.MAX_VALUE);
      assertThat(rows.getDouble("reading")).isEqualTo(-0.1 + 1e-17);
      assertThat(rows.getObject("at", LocalDateTime.class)).isEqualTo(second);
      assertThat(rows.getObject("at_ms", LocalDateTime.class)).isEqualTo(milli);
      assertThat(rows.getString("name")).isEqualTo(name);
      assertThat(rows.getString("kind")).isEqualTo("temperature");
      assertThat(rows.getBoolean("flag")).isTrue();
      assertThat(rows.getInt("code")).isEqualTo(255);
      assertThat(rows.next()).isTrue();
      assertThat(rows.getLong("big")).isEqualTo(Long.MIN_VALUE);
      assertThat(rows.getDouble("reading")).isEqualTo(Double.MAX_VALUE);
      assertThat(rows.getObject("at_ms", LocalDateTime.class)).isEqualTo(milli.plusYears(50));
      assertThat(rows.getString("name")).isEmpty();
      assertThat(rows.getBoolean("flag")).isFalse();
      assertThat(rows.next()).isFalse();
    }
  }

  @Test
  void timestampsAreUtcWhateverTheServersZone() throws SQLException {
    try (Connection connection = server.jdbc();
        Statement select = connection.createStatement();
        ResultSet rows =
            select.executeQuery("SELECT toDateTime(1790000000) AS t, timezone() AS zone")) {
      rows.next();
      assertThat(rows.getTimestamp("t")).isEqualTo(new Timestamp(1_790_000_000_000L));
      assertThat(rows.getString("zone")).isEqualTo("UTC");
    }
  }

  @Test
  void aRepeatedTokenInsertsOnceAndAnotherTokenInsertsAgain() throws SQLException {
    createTokenTable("repeated");
    insertWithToken("repeated", "a", 5000);
    insertWithToken("repeated", "a", 5000);
    assertThat(number("SELECT count() FROM repeated")).isEqualTo(5000);
    insertWithToken("repeated", "b", 5000);
    assertThat(number("SELECT count() FROM repeated")).isEqualTo(10_000);
  }

  static void createTokenTable(String table) throws SQLException {
    execute(
        "CREATE TABLE "
            + table
            + " (id Int64, name String, reading Float64) ENGINE = MergeTree ORDER BY id"
            + " SETTINGS non_replicated_deduplication_window = 1000");
  }

  private static void insertWithToken(String table, String token, int rows) throws SQLException {
    insertWithToken(server, table, token, rows);
  }

  static void insertWithToken(ServerProcess target, String table, String token, int rows)
      throws SQLException {
    try (Connection connection = target.jdbc();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO "
                    + table
                    + " (id, name, reading) SETTINGS insert_deduplication_token = '"
                    + token
                    + "' VALUES (?, ?, ?)")) {
      for (int i = 0; i < rows; i++) {
        insert.setLong(1, i);
        insert.setString(2, "sensor_" + i);
        insert.setDouble(3, i * 0.1);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "true, false, false",
    "false, false, false",
    "true, true, false",
    "false, true, false",
    "true, true, true"
  })
  void theDriversCompressionsWork(boolean replies, boolean requests, boolean http)
      throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("compress", Boolean.toString(replies));
    properties.setProperty("decompress", Boolean.toString(requests));
    properties.setProperty("client.use_http_compression", Boolean.toString(http));
    String table = "compressed_%s_%s_%s".formatted(replies, requests, http);
    int count = 1000;
    createTokenTable(table);
    try (Connection connection = server.jdbc(properties)) {
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO " + table + " (id, name, reading) VALUES (?, ?, ?)")) {
        for (int i = 0; i < count; i++) {
          insert.setLong(1, i);
          insert.setString(2, "sensor_" + i);
          insert.setDouble(3, i * 0.25);
          insert.addBatch();
        }
        insert.executeBatch();
      }
      try (Statement select = connection.createStatement();
          ResultSet rows = select.executeQuery("SELECT * FROM " + table + " ORDER BY id")) {
        for (int i = 0; i < count; i++) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getString(2)).isEqualTo("sensor_" + i);
          assertThat(rows.getDouble(3)).isEqualTo(i * 0.25);
        }
        assertThat(rows.next()).isFalse();
      }
      assertThatThrownBy(
              () -> {
                try (Statement select = connection.createStatement()) {
                  select.executeQuery("SELECT * FROM no_such_table");
                }
              })
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getErrorCode()).isEqualTo(60))
          .hasMessageContaining("no_such_table");
    }
  }

  @Test
  void errorsCarryClickHousesCode() {
    assertThatThrownBy(() -> execute("SELECT * FROM no_such_table"))
        .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getErrorCode()).isEqualTo(60))
        .hasMessageContaining("no_such_table");
    assertThatThrownBy(() -> execute("SELEC 1"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getErrorCode()).isEqualTo(62));
  }

  @Test
  void aFailureInTheMiddleOfAResultIsNotTakenForItsEnd() {
    assertThatThrownBy(
            () -> {
              try (Connection connection = server.jdbc();
                  Statement select = connection.createStatement();
                  ResultSet rows =
                      select.executeQuery(
                          "SELECT number, throwIf(number = 3000000) FROM numbers(5000000)"
                              + " SETTINGS max_threads = 1")) {
                while (rows.next()) {
                  // to the end
                }
              }
            })
        .isInstanceOf(Exception.class);
  }

  @Test
  void updateCountsAreRowsWritten() throws SQLException {
    execute("CREATE TABLE counted (id Int32) ENGINE = MergeTree ORDER BY id");
    try (Connection connection = server.jdbc();
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate("INSERT INTO counted VALUES (1), (2), (3)")).isEqualTo(3);
      assertThat(statement.executeUpdate("INSERT INTO counted SELECT number FROM numbers(5)"))
          .isEqualTo(5);
    }
  }

  @Test
  void parallelClientsSeeEachOthersRowsAndNotEachOthersSettings() throws Exception {
    createTokenTable("parallel");
    int clients = 8;
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try {
      List<Future<?>> results = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        int number = client;
        results.add(
            threads.submit(
                () -> {
                  for (int batch = 0; batch < 5; batch++) {
                    insertWithToken("parallel", number + "-" + batch, 100);
                    long blockSize = 1000 + number;
                    assertThat(
                            number(
                                "SELECT getSetting('max_block_size') SETTINGS max_block_size = "
                                    + blockSize))
                        .isEqualTo(blockSize);
                  }
                  return null;
                }));
      }
      for (Future<?> result : results) {
        result.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(number("SELECT count() FROM parallel")).isEqualTo(clients * 5 * 100);
  }

  @Test
  void aLargeResultIsReadToItsEnd() throws SQLException {
    int rowCount = 2_000_000;
    long sum = 0;
    long count = 0;
    try (Connection connection = server.jdbc();
        Statement select = connection.createStatement();
        ResultSet rows =
            select.executeQuery(
                "SELECT number, toString(number) AS text FROM numbers(" + rowCount + ")")) {
      while (rows.next()) {
        sum += rows.getLong(1);
        count++;
      }
    }
    assertThat(count).isEqualTo(rowCount);
    assertThat(sum).isEqualTo((long) rowCount * (rowCount - 1) / 2);
  }
}
