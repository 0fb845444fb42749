package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the README says can be typed, and what it points at is there. */
class ReadmeTest {

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();
  private static final Pattern COMMAND = Pattern.compile("(?m)^(?:\\$ )?\\./millrace ([^#\\n]*)");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");

  @ParameterizedTest
  @MethodSource("commands")
  void aCommandIsUnderstood(final String command) {
    assertThat(Millrace.commandLine().parseArgs(command.split(" +")).errors()).isEmpty();
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    assertThat(found(LINK))
        .isNotEmpty()
        .allSatisfy(link -> assertThat(ROOT.resolve(link)).exists());
  }

  @Test
  void theTestCommandIsWhatTheBuildServerRuns() throws IOException {
    final String test = "mvn -B -f java verify";

    assertThat(readme()).contains(test);
    assertThat(Files.readString(ROOT.resolve(".ci/run"))).contains(test);
  }

  static List<String> commands() throws IOException {
    final List<String> commands = found(COMMAND);
    assertThat(commands).hasSizeGreaterThan(3);
    return commands;
  }

  private static List<String> found(final Pattern pattern) throws IOException {
    return pattern.matcher(readme()).results().map(ReadmeTest::firstGroup).toList();
  }

  private static String firstGroup(final MatchResult match) {
    return match.group(1).strip();
  }

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }
}
