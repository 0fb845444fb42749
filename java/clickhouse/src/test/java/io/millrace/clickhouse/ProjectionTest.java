package io.millrace.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.events.domain.Domain;
import org.junit.jupiter.api.Test;

class ProjectionTest {

  @Test
  void alertsCustomersAndSitesOfADomainEachHaveTheirs() {
    assertThat(Projection.of(AggregateTable.of(Domain.load("iot"))))
        .containsExactly(
            new Projection(
                "alerts",
                "SELECT `device_id`, `time`, alert_count, has_alert, `temperature_max`,"
                    + " `humidity_max`, `battery_level_min` ORDER BY has_alert, `time`"),
            new Projection(
                "by_customer_id",
                "SELECT `customer_id`, `device_id`, `time`, `temperature`, `temperature_min`,"
                    + " `temperature_max`, `humidity`, `humidity_min`, `humidity_max`, `pressure`,"
                    + " `pressure_min`, `pressure_max`, `co2_level`, `co2_level_min`,"
                    + " `co2_level_max`, record_count, alert_count ORDER BY `customer_id`,"
                    + " toStartOfHour(`time`), `device_id`, `time`"),
            new Projection(
                "by_site_id",
                "SELECT `site_id`, `device_id`, `time`, `error_count`, `packets_sent`,"
                    + " `packets_received`, `bytes_sent`, `bytes_received`, record_count,"
                    + " alert_count ORDER BY `site_id`, toStartOfHour(`time`), `device_id`,"
                    + " `time`"));
  }

  @Test
  void theSiteIsTheDimensionOfMostValuesThatIsNotTheCustomer() {
    final SharedDimensions shared = SharedDimensions.of(AggregateTable.of(Domain.load("cpu")));

    assertThat(shared.customer().orElseThrow().name()).isEqualTo("customer_id");
    assertThat(shared.site().orElseThrow().name()).isEqualTo("rack");
  }
}
