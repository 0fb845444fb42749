package io.millrace.local.panels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PanelsTest {

  private static final Path ROOT = Path.of("../../..");

  @Test
  void anAlertsSeriesAreFoundWithoutFunctionsLabelsAndRanges() {
    assertThat(
            AlertFile.selectors(
                "sum by (tier) (rate(a_total{x=\"b c\"}[5m])) > 1e6 and on (tier)"
                    + " deriv(b:c[15m:1m]) or vector(0) unless a_total{x=\"b c\"} == 0"))
        .containsExactly("a_total{x=\"b c\"}", "b:c");
  }

  @Test
  void everyAlertLooksAtSomething() throws Exception {
    final AlertFile file = AlertFile.read(ROOT.resolve("base/monitoring/rules.yaml"));
    assertThat(file.expressions()).hasSizeGreaterThan(10);
    for (Question alert : file.expressions()) {
      assertThat(file.questions())
          .anyMatch(question -> question.where().startsWith(alert.where() + " / "));
    }
  }

  @Test
  void grafanasMacrosAndVariablesAreFilledIn() {
    assertThat(Macros.promQl("rate(a{namespace=~\"$namespace\"}[$__rate_interval])"))
        .isEqualTo("rate(a{namespace=~\".+\"}[1m])");
    assertThat(
            Macros.sql(
                Macros.withVariables(
                    "SELECT ${m}_min, $m FROM $table WHERE $__timeFilter(time)",
                    Map.of("m", "humidity", "table", "t")),
                Instant.ofEpochSecond(7200)))
        .isEqualTo(
            "SELECT humidity_min, humidity FROM t WHERE time >= toDateTime(3600) AND time <="
                + " toDateTime(7200)");
    assertThatThrownBy(() -> Macros.promQl("a{b=\"$unknown\"}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("$unknown");
  }

  @Test
  void aQueryIsExpectedToBeEmptyByTheNamesOfItsMetrics() {
    final ExpectedEmpty expected = new ExpectedEmpty(Map.of("bookie_", "no bookie"));
    assertThat(expected.reason("sum(bookie_SERVER_STATUS)")).contains("no bookie");
    assertThat(expected.reason("sum(my_bookie_x) + a:bookie_x")).isEmpty();
    assertThat(expected.unused(List.of("up"))).containsExactly("bookie_");
    assertThat(expected.unused(List.of("bookie_x"))).isEmpty();
  }

  @Test
  void everyDashboardAsksSomething() throws Exception {
    final List<DashboardFile> dashboards = DashboardFile.readAll(ROOT.resolve("dashboards"));
    assertThat(dashboards)
        .extracting(DashboardFile::title)
        .containsExactly("ClickHouse", "Flink", "Pipeline", "Producer", "Pulsar");
    assertThat(dashboards)
        .allSatisfy(
            dashboard ->
                assertThat(dashboard.questions()).hasSizeGreaterThanOrEqualTo(dashboard.panels()));
  }
}
