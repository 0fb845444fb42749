package io.millrace.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuditedDomainTest {

  @Test
  void readsTheIotDomain() {
    final AuditedDomain iot = AuditedDomain.load("iot");

    assertThat(iot.table()).isEqualTo("benchmark.sensors_local");
    assertThat(iot.key().column()).isEqualTo("device_id");
    assertThat(iot.time().column()).isEqualTo("time");
    assertThat(iot.lastValues())
        .extracting(AuditedDomain.LastValue::column)
        .containsExactly(
            "device_type",
            "customer_id",
            "site_id",
            "latitude",
            "longitude",
            "altitude",
            "motion_detected",
            "status");
    assertThat(iot.measures()).hasSize(10);
    assertThat(iot.counters()).hasSize(5);
    assertThat(iot.measures().stream().filter(m -> m.alert().isPresent()))
        .extracting(m -> m.column() + " " + m.alert().get())
        .containsExactly(
            "temperature Threshold[above=true, limit=35.0]",
            "humidity Threshold[above=true, limit=80.0]",
            "battery_level Threshold[above=false, limit=20.0]");
  }

  @Test
  void aThresholdMayBeAnyDouble() throws IOException {
    for (String threshold : List.of("18446744073709551616", "1e20", "1e-7", "4.9E-324")) {
      final String changed = iotFile().replace("\"above\": 35", "\"above\": " + threshold);
      assertThat(changed).isNotEqualTo(iotFile());
      assertThat(AuditedDomain.parse(changed).measures().get(0).alert())
          .contains(new Threshold(true, Double.parseDouble(threshold)));
    }
  }

  @Test
  void theRowsAreAskedForWhateverTheNamesOfTheColumns() throws IOException {
    final AuditedDomain domain = AuditedDomain.parse(iotFile().replace("device_id", "index"));

    assertThat(
            new TableScan(null, domain, "table.select", TimeRange.ALL, Optional.empty()).toString())
        .startsWith("SELECT toString(`index`), toInt64(toUnixTimestamp(`time`)) * 1000, ")
        .contains(", `temperature`, `temperature_min`, `temperature_max`, ")
        .endsWith("FROM `table`.`select`");
  }

  private static String iotFile() throws IOException {
    try (InputStream file = AuditedDomain.class.getResourceAsStream("/domains/iot.avsc")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void anUnknownDomainIsNamed() {
    assertThatThrownBy(() -> AuditedDomain.load("nosuch"))
        .isInstanceOf(AuditException.class)
        .hasMessageContaining("nosuch");
  }

  @Test
  void codesBecomeTextByFormatOrLabel() {
    final CodeText format = new CodeText("sensor_%d.x", Map.of());
    assertThat(format.text(-12)).isEqualTo("sensor_-12.x");
    assertThat(format.code("sensor_-12.x")).isEqualTo(-12);
    assertThatThrownBy(() -> format.code("sensor_1")).isInstanceOf(NumberFormatException.class);

    final CodeText labels = new CodeText("", Map.of(1L, "online"));
    assertThat(labels.text(1)).isEqualTo("online");
    assertThat(labels.text(9)).isEqualTo("9");

    assertThat(new CodeText("", Map.of()).code("42")).isEqualTo(42);
  }
}
