package io.millrace.producer;

import io.millrace.options.DurationConverter;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;

/** How far a clock is ahead, such as {@code 500ms}, or behind, such as {@code -2s}. */
final class OffsetConverter implements ITypeConverter<Duration> {

  private static final String BEHIND = "-";

  private final DurationConverter durations = new DurationConverter();

  @Override
  public Duration convert(final String text) {
    return text.startsWith(BEHIND)
        ? durations.convert(text.substring(BEHIND.length())).negated()
        : durations.convert(text);
  }
}
