package io.millrace.hooks.command;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a size such as {@code 512M}, {@code 230G} or {@code 2T} as MiB; {@code -1} stays -1. */
final class MebibyteSize implements ITypeConverter<Long> {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})([MGT])");

  @Override
  public Long convert(String text) {
    if (text.equals("-1")) {
      return -1L;
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is not a size: write a whole number and M, G or T, such as 230G, or -1");
    }
    long amount = Long.parseLong(form.group(1));
    return switch (form.group(2)) {
      case "M" -> amount;
      case "G" -> amount << 10;
      default -> amount << 20;
    };
  }
}
