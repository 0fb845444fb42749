package io.millrace.producer;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads messages per second, or {@code max}. */
final class RateConverter implements ITypeConverter<TargetRate> {

  private static final String UNLIMITED = "max";
  private static final double HIGHEST = 1e9;

  @Override
  public TargetRate convert(final String value) {
    if (value.equals(UNLIMITED)) {
      return TargetRate.UNLIMITED;
    }
    try {
      final double rate = Double.parseDouble(value);
      if (rate > 0 && rate <= HIGHEST) {
        return new TargetRate(rate);
      }
    } catch (NumberFormatException e) {
      throw refused(value);
    }
    throw refused(value);
  }

  private static TypeConversionException refused(final String value) {
    return new TypeConversionException(
        "'"
            + value
            + "' is not a rate; write messages per second above 0, such as 20000, or "
            + UNLIMITED);
  }
}
