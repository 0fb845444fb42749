package io.millrace.local.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.RunFailedException;
import io.millrace.local.process.ProcessSpec;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A finished run that stays up, in a JVM of its own, until a signal. */
class RunHoldTest {

  private static final long PATIENCE_SECONDS = 60;

  @TempDir private Path home;

  /** Ctrl-C is SIGINT, {@code kill} is SIGTERM; an impatient person sends it twice. */
  @ParameterizedTest
  @CsvSource({"INT,1,passed,0", "TERM,1,passed,0", "INT,1,failed,1", "INT,2,passed,0"})
  void aSignalEndsWhatStayedUpWithTheVerdictsExitCode(
      final String signal, final int times, final String verdict, final int exitCode)
      throws Exception {
    if (signal.equals("INT") && ignoresInterrupts()) {
      final String reason = "SKIPPED: whoever started this build has it ignore SIGINT.";
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    final Process held = start(verdict);
    try (BufferedReader output = output(held)) {
      final ProcessHandle child = child(output);
      // it is up although the work is done
      assertThat(held.waitFor(1, TimeUnit.SECONDS)).isFalse();
      assertThat(child.isAlive()).isTrue();

      for (int i = 0; i < times; i++) {
        new ProcessBuilder("kill", "-" + signal, Long.toString(held.pid())).start().waitFor();
      }

      assertThat(held.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(held.exitValue()).isEqualTo(exitCode);
      assertThat(child.isAlive()).isFalse();
      assertThat(runs()).hasSize(verdict.equals("passed") ? 0 : 1);
    } finally {
      held.destroyForcibly();
    }
  }

  @Test
  void aServerThatEndsMeanwhileIsNamed() throws Exception {
    final Process held = start("passed");
    try (BufferedReader output = output(held)) {
      child(output).destroyForcibly();

      assertThat(held.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(held.exitValue()).isEqualTo(1);
      assertThat(output.readLine()).contains("The server ended with exit code");
    } finally {
      held.destroyForcibly();
    }
  }

  /** What a process ignores, the processes that it starts ignore too. */
  private static boolean ignoresInterrupts() throws Exception {
    final Path status = Path.of("/proc/self/status");
    return Files.exists(status)
        && Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .anyMatch(line -> (Long.parseUnsignedLong(line.substring(8).strip(), 16) & 2) != 0);
  }

  private Process start(final String verdict) throws Exception {
    final ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            Held.class.getName(),
            home.toString(),
            verdict);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static BufferedReader output(final Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private static ProcessHandle child(final BufferedReader output) throws Exception {
    return ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
  }

  /** Directories of runs that are left. */
  private List<Path> runs() throws Exception {
    try (Stream<Path> entries = Files.list(home.resolve("build/local"))) {
      return entries.filter(Files::isDirectory).toList();
    }
  }

  /** Starts a server, finishes its work at once and stays up. */
  public static final class Held {

    public static void main(final String[] args) throws Exception {
      final Path home = Path.of(args[0]);
      try {
        new RunHold(new Installation(home), false, true)
            .during(
                (supervisor, run) -> {
                  System.out.println(
                      supervisor
                          .start(new ProcessSpec("server", List.of("sleep", "600"), Map.of(), home))
                          .pid());
                  return args[1].equals("passed");
                },
                Boolean::booleanValue);
      } catch (RunFailedException e) {
        System.out.println(e.getMessage());
        System.exit(1);
      }
    }
  }
}
