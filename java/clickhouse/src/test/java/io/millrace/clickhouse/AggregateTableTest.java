package io.millrace.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.events.domain.Domain;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AggregateTableTest {

  private final AggregateTable iot = AggregateTable.of(Domain.load("iot"));

  @Test
  void columnsFollowTheRoles() {
    assertThat(iot.qualifiedName()).isEqualTo("benchmark.sensors_local");
    assertThat(iot.distributedName()).isEqualTo("sensors");
    assertThat(iot.columns())
        .extracting(c -> c.name() + " " + c.type().sql() + " " + c.aspect())
        .startsWith(
            "device_id String KEY",
            "time DateTime('UTC') WINDOW_START",
            "device_type LowCardinality(String) LAST",
            "customer_id LowCardinality(String) LAST",
            "site_id LowCardinality(String) LAST",
            "latitude Float64 LAST",
            "longitude Float64 LAST",
            "altitude Float64 LAST",
            "motion_detected Bool LAST",
            "status LowCardinality(String) LAST",
            "temperature Float64 AVERAGE",
            "temperature_min Float64 MINIMUM",
            "temperature_max Float64 MAXIMUM")
        .endsWith(
            "bytes_received Int64 SUM",
            "record_count UInt64 RECORD_COUNT",
            "alert_count UInt64 ALERT_COUNT")
        .hasSize(2 + 8 + 3 * 10 + 5 + 2);
  }

  @Test
  void alertsAreJudgedByTheExtremes() {
    assertThat(iot.alertCondition())
        .isEqualTo(
            "(`temperature_max` > 35) OR (`humidity_max` > 80) OR (`battery_level_min` < 20)");
  }

  @Test
  void insertNamesEveryColumnAndCarriesTheToken() {
    assertThat(iot.insertSql("job-1:7:0"))
        .startsWith("INSERT INTO `benchmark`.`sensors_local` (`device_id`, `time`, `device_type`, ")
        .contains(
            "`alert_count`) SETTINGS async_insert = 0, insert_deduplication_token = 'job-1:7:0'"
                + " VALUES (?, ?, ")
        .endsWith("?)");
    assertThat(iot.insertSql("t").chars().filter(c -> c == '?')).hasSize(iot.columns().size());
  }

  @Test
  void insertWithAQuorumNamesItAndHowLongTheServerWaits() {
    assertThat(iot.insertSql("t", 2, Duration.ofSeconds(15)))
        .contains(
            ") SETTINGS insert_quorum = 2, insert_quorum_parallel = 1, insert_quorum_timeout ="
                + " 15000, async_insert = 0, insert_deduplication_token = 't' VALUES (");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a'b", "a b", "a\\"})
  void aTokenThatNeedsQuotingIsRefused(final String token) {
    assertThatThrownBy(() -> iot.insertSql(token))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must match");
  }
}
