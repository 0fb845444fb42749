package io.millrace.local.command;

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
  @CsvSource({"90s,90", "3m,180", "1h30m,5400", "2h,7200", "1m5s,65", "0s,0"})
  void readsWhatPeopleWrite(final String text, final long seconds) {
    assertThat(converter.convert(text)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "10", "-5s", "1.5m", "5s1m", "99999999999999999999s", " 5s"})
  void refusesEverythingElse(final String text) {
    assertThatThrownBy(() -> converter.convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("90s");
  }

  @Test
  void theLongestDurationDoesNotOverflow() {
    assertThat(converter.convert("9999h999999m99999999s").toSeconds())
        .isEqualTo(9999L * 3600 + 999999L * 60 + 99999999L);
  }
}
