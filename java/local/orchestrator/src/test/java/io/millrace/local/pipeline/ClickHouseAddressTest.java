package io.millrace.local.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.UsageException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClickHouseAddressTest {

  @ParameterizedTest
  @CsvSource({
    "http://db:8124, http://db:8124/, jdbc:clickhouse://db:8124",
    "http://db, http://db:8123/, jdbc:clickhouse://db:8123",
    "https://db/, https://db:8443/, jdbc:clickhouse:https://db:8443",
    "jdbc:clickhouse://db:9000/x, http://db:9000/, jdbc:clickhouse://db:9000",
    "jdbc:ch:https://db, https://db:8443/, jdbc:clickhouse:https://db:8443"
  })
  void readsWebAndJdbcAddresses(final String text, final String http, final String jdbc) {
    final ClickHouseAddress address = ClickHouseAddress.parse(text);

    assertThat(address.httpUrl()).isEqualTo(http);
    assertThat(address.jdbcUrl()).isEqualTo(jdbc);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "db:8123", "ftp://db", "http://", "http://user:secret@db", "x y"})
  void refusesEverythingElse(final String text) {
    assertThatThrownBy(() -> ClickHouseAddress.parse(text))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--clickhouse is '" + text + "'");
  }
}
