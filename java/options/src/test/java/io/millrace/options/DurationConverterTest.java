package io.millrace.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationConverterTest {

  private final DurationConverter converter = new DurationConverter();

  @ParameterizedTest
  @CsvSource({
    "90s,90000",
    "3m,180000",
    "1h30m,5400000",
    "7d,604800000",
    "500ms,500",
    "1m5s250ms,65250",
    "0s,0"
  })
  void readsWhatPeopleWrite(final String text, final long millis) {
    assertThat(converter.convert(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "abc",
        "10",
        "-5s",
        "1.5m",
        "5s1m",
        "1w",
        "5S",
        "99999999999999999999s",
        " 5s"
      })
  void refusesEverythingElse(final String text) {
    assertThatThrownBy(() -> converter.convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("90s");
  }

  @Test
  void theLongestDurationDoesNotOverflow() {
    assertThat(converter.convert("99999d9999999h999999999m999999999s999999999999ms").toMillis())
        .isPositive();
  }
}
