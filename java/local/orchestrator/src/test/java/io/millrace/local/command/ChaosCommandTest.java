package io.millrace.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.chaos.Fault;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What is refused before anything starts. */
class ChaosCommandTest {

  private static final String HOME = "millrace.home";

  @TempDir private Path home;

  @BeforeEach
  void launch() {
    System.setProperty(HOME, home.toString());
  }

  @AfterEach
  void forget() {
    System.clearProperty(HOME);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--faults kill-bookie",
        "--faults kill-taskmanager,restart-zookeeper",
        "--faults start-without-state --source connector"
      })
  void aFaultThatTheRunCannotHave(final String arguments) {
    assertThat(refusal(arguments))
        .startsWith(
            "--faults names what this run cannot have: kill-bookie, restart-zookeeper, slow-disk"
                + " and damage-entries need --bookies 3, start-without-state the job's own"
                + " source.");
  }

  @Test
  void tooFewBookiesForThreeCopies() {
    assertThat(refusal("--bookies 2"))
        .startsWith("--bookies is 2; it must be 1, or from 3 to 6 for 3 copies.");
  }

  @Test
  void theHelpNamesEveryFault() {
    final StringWriter out = new StringWriter();
    command().setOut(new PrintWriter(out)).execute("--help");

    // lines are broken at hyphens too
    final String help = out.toString().replaceAll("\\s+", "");
    for (Fault fault : Fault.values()) {
      assertThat(help).containsPattern("[,f]" + fault.label() + "[,.]");
    }
  }

  private static String refusal(final String arguments) {
    final StringWriter err = new StringWriter();
    final int exitCode = command().setErr(new PrintWriter(err)).execute(arguments.split(" "));
    assertThat(exitCode).as("exit code after: %s", err).isEqualTo(CommandLine.ExitCode.USAGE);
    return err.toString();
  }

  private static CommandLine command() {
    return new CommandLine(new ChaosCommand())
        // the launcher's own reads any duration; here only the defaults are read
        .registerConverter(Duration.class, text -> Duration.ofMinutes(3));
  }
}
