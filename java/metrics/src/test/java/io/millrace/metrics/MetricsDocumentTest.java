package io.millrace.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.metrics.Metric.Kind;
import io.millrace.metrics.Metric.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsDocumentTest {

  private static final Path DOCUMENT = Path.of("../../docs/metrics.md");

  /** {@code -Dmillrace.write} writes the document instead. */
  @Test
  void theDocumentIsWhatTheCodeSays() throws IOException {
    if (System.getProperty("millrace.write") != null) {
      Files.writeString(DOCUMENT, MetricsDocument.text());
    }
    assertThat(DOCUMENT).hasContent(MetricsDocument.text());
  }

  @Test
  void noNameIsTakenTwice() {
    assertThat(MetricsDocument.all()).extracting(Metric::name).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({
    "millrace_x_messages, COUNTER, MESSAGES",
    "millrace_x_total, GAUGE, MESSAGES",
    "millrace_x, GAUGE, BYTES",
    "millrace_x_bytes, GAUGE, ROWS",
    "millrace_x_total, COUNTER, SECONDS",
    "millrace_x_ms, GAUGE, SECONDS",
    "producer_x_total, COUNTER, MESSAGES",
    "millrace_X_total, COUNTER, MESSAGES"
  })
  void aNameAgainstTheConventionsIsRefused(final String name, final Kind kind, final Unit unit) {
    assertThatThrownBy(() -> new Metric(name, kind, unit, "Help."))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name);
  }
}
