package io.millrace.clickhouse.command;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations of at least a second as people write them: {@code 90s}, {@code 3m}, {@code 1h}. */
final class DurationConverter implements ITypeConverter<Duration> {

  private static final Pattern FORM = Pattern.compile("(\\d{1,6})([smh])");

  @Override
  public Duration convert(final String text) {
    final Matcher parts = FORM.matcher(text);
    if (!parts.matches() || Integer.parseInt(parts.group(1)) == 0) {
      throw new TypeConversionException(
          "'" + text + "' is not a duration; write it like 90s or 3m");
    }
    final long amount = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }
}
