package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class MillraceTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandExplainsItself(final String command) {
    assertThat(run(command, "--help")).isZero();
    assertThat(out.toString()).contains("Usage: millrace " + command);
  }

  static Stream<String> commands() {
    return Millrace.commandLine().getSubcommands().keySet().stream();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--nonsense | Unknown option: '--nonsense'",
        "nonsense | Unmatched argument at index 0: 'nonsense'",
        "local --nonsense | Unknown option: '--nonsense'",
        "local --rate 0 | --rate is 0; it must be from 1 to 2000000.",
        "local --rate many | Invalid value for option '--rate': 'many' is not an int",
        "local --duration 0s | --duration is 0s; it must be 1s or more.",
        "local --duration abc | 'abc' is not a duration; write it like 500ms, 90s, 3m, 1h30m or 7d",
        "write --duration 0s --url jdbc:clickhouse://127.0.0.1:1 | --duration is 0s; it must be"
            + " longer",
        "query-bench --duration 0s --url jdbc:clickhouse://127.0.0.1:1 | --duration is 0s; it must"
            + " be",
        "local --sources -1 | --sources is -1; it must be from 1 to 10000000.",
        "local --domain nope | Unknown domain 'nope'; known domains:",
        "local --clickhouse nope | --clickhouse is 'nope'; write auto, embedded or http://",
        "local --report /no/folder/report.json | --report is '/no/folder/report.json'"
      })
  void badUsageIsOneSentenceAndCodeTwo(final String line, final String sentence) {
    System.setProperty("millrace.home", "/nowhere");
    try {
      assertThat(run(line.split(" "))).isEqualTo(2);
    } finally {
      System.clearProperty("millrace.home");
    }
    assertThat(err.toString().strip()).contains(sentence);
    assertThat(err.toString().strip().lines()).hasSizeLessThanOrEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "local --version", "audit --version", "dead-letter list -V"})
  void everyCommandSaysTheVersionOfTheBuild(final String line) {
    assertThat(run(line.split(" "))).isZero();
    assertThat(out.toString().strip()).matches("millrace \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
  }

  /** Of every command, with what else it needs left out. */
  @ParameterizedTest
  @MethodSource("durations")
  void everyDurationIsWrittenTheSameWay(final String command, final OptionSpec option) {
    final CommandLine commands = Millrace.commandLine();
    final String name = option.longestName();
    try {
      commands.parseArgs((command + " " + name + " 30d").split(" "));
    } catch (MissingParameterException e) {
      assertThat(e).hasMessageNotContaining(name);
    }

    assertThat(spec(commands, command).findOption(name).<Object>getValue())
        .isIn(Duration.ofDays(30), Optional.of(Duration.ofDays(30)));
    assertThatThrownBy(() -> commands.parseArgs((command + " " + name + " soon").split(" ")))
        .hasMessageContaining("'soon' is not a duration; write it like");
  }

  static Stream<Arguments> durations() {
    final List<Arguments> durations = new ArrayList<>();
    addDurations(Millrace.commandLine(), durations);
    assertThat(durations)
        .extracting(arguments -> arguments.get()[0])
        .contains("audit", "local", "guard", "topics apply", "write", "query-bench");
    return durations.stream();
  }

  private static void addDurations(final CommandLine line, final List<Arguments> durations) {
    final String command = line.getCommandSpec().qualifiedName().replaceFirst("^millrace ?", "");
    line.getCommandSpec().options().stream()
        .filter(
            option ->
                option.type() == Duration.class || option.auxiliaryTypes()[0] == Duration.class)
        .forEach(option -> durations.add(Arguments.of(command, option)));
    line.getSubcommands().values().forEach(sub -> addDurations(sub, durations));
  }

  private static CommandSpec spec(final CommandLine commands, final String words) {
    CommandLine line = commands;
    for (final String word : words.split(" ")) {
      line = line.getSubcommands().get(word);
    }
    return line.getCommandSpec();
  }

  @Test
  void noCommandIsBadUsage() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("Name a command");
  }

  private int run(final String... arguments) {
    final CommandLine commands = Millrace.commandLine();
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(err, true));
    return commands.execute(arguments);
  }
}
