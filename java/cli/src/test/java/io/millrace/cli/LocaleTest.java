package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Millrace writes for machines does not depend on the user's language: in Arabic a number
 * would have other digits, in Turkish an upper-case letter another form.
 */
class LocaleTest {

  private static final Path MODULES = Path.of("").toAbsolutePath().getParent();

  @Test
  void noNumberIsWrittenInTheDigitsOfTheUser() throws IOException {
    final List<Path> sources;
    try (Stream<Path> files = Files.walk(MODULES)) {
      sources =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> MODULES.relativize(file).toString().contains("src/main/java/"))
              .toList();
    }
    assertThat(sources).hasSizeGreaterThan(100);
    assertThat(LocaleScan.findings(sources)).isEmpty();
  }

  @Test
  void everyCallThatAsksTheUsersLocaleIsSeen(@TempDir final Path folder) throws IOException {
    final List<String> calls =
        List.of(
            "\"a\".toUpperCase()",
            "\"A\".toLowerCase()",
            "java.util.stream.Stream.of(\"a\").map(String::toUpperCase).toList()",
            "\"%d rows\".formatted(1)",
            "(\"%s \" + \"%,.1f\").formatted(\"a\", 1.0)",
            "String.format(\"%08d\", 1)",
            "String.format(\"%S\", \"i\")",
            "String.format(format, 1)",
            "format.formatted(1)",
            "System.out.printf(\"%d\", 1)",
            "new java.util.Formatter()",
            "java.text.NumberFormat.getInstance()",
            "new java.text.DecimalFormat(\"0\")",
            "new java.text.SimpleDateFormat(\"yyyy\")",
            "java.text.MessageFormat.format(\"{0}\", 1)",
            "java.time.format.DateTimeFormatter.ofPattern(\"yyyy\")",
            "java.util.Locale.getDefault()",
            "new java.util.Scanner(\"1\")");
    for (final String call : calls) {
      assertThat(LocaleScan.findings(List.of(source(folder, call)))).as(call).hasSize(1);
    }
  }

  @Test
  void whatNamesItsLocaleOrWritesNoNumberIsLeftAlone(@TempDir final Path folder)
      throws IOException {
    final List<String> calls =
        List.of(
            "\"a\".toUpperCase(java.util.Locale.ROOT)",
            "Character.toUpperCase('a')",
            "\"%s and %-5s of 100 %%%n\".formatted(1, \"a\")",
            "String.format(Locale.ROOT, \"%d\", 1)",
            "String.format(Locale.ROOT, format, 1)",
            "System.out.printf(Locale.ROOT, \"%d\", 1)",
            "java.time.format.DateTimeFormatter.ofPattern(\"yyyy\", Locale.ROOT)",
            "java.time.format.DateTimeFormatter.ISO_DATE.format(java.time.LocalDate.EPOCH)");
    for (final String call : calls) {
      assertThat(LocaleScan.findings(List.of(source(folder, call)))).as(call).isEmpty();
    }
  }

  private static Path source(final Path folder, final String call) throws IOException {
    return Files.writeString(
        folder.resolve("Example.java"),
        "import java.util.Locale; class Example { Object of(String format) { return "
            + call
            + "; } }");
  }
}
