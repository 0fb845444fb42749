package io.millrace.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.local.RunFailedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorTest {

  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path directory;
  private Supervisor supervisor;

  @BeforeEach
  void startSupervising() {
    supervisor = new Supervisor(directory);
  }

  @AfterEach
  void endAll() {
    supervisor.close();
  }

  @Test
  void aCrashEndsAllWaitingWithNameCodeAndLog() {
    supervisor.start(shell("broker", "echo out of luck; exit 7"));

    assertThatThrownBy(() -> supervisor.await("Nothing came", LONG, () -> false))
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining("The broker ended with exit code 7")
        .hasMessageContaining(directory.resolve("broker.log").toString())
        .hasMessageContaining("out of luck");
  }

  @Test
  void anExpectedEndIsNoCrash() throws Exception {
    final ChildProcess child = supervisor.start(shell("tool", "exit 3"));
    child.expectExit();
    supervisor.await("The tool runs on", LONG, () -> !child.isAlive());
    // longer than an exit may look like a Ctrl-C
    Thread.sleep(700);

    supervisor.check();
    assertThat(child.exitCode()).isEqualTo(3);
  }

  @Test
  void aKilledProcessIsNoCrashAndStartsAgain() throws Exception {
    final RestartableProcess process =
        new RestartableProcess(supervisor, shell("server", "exec sleep 1000"));
    final ChildProcess first = process.start();
    first.kill();
    final ChildProcess second = process.start();

    assertThat(first.isAlive()).isFalse();
    assertThat(second.isAlive()).isTrue();
    assertThat(process.current()).isSameAs(second);
    Thread.sleep(700);
    supervisor.check();
  }

  @Test
  void waitingInVainSaysWhyTheLastAttemptFailed() {
    assertThatThrownBy(
            () ->
                supervisor.await(
                    "The broker is not ready",
                    Duration.ofMillis(200),
                    () -> {
                      throw new java.net.ConnectException("refused");
                    }))
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining("The broker is not ready after")
        .hasMessageContaining("refused");
  }

  @Test
  void theEndReachesWhatChildrenStarted() throws Exception {
    final Path pid = directory.resolve("pid");
    supervisor.start(shell("server", "sleep 1000 & echo $! > pid; wait"));
    await().until(() -> Files.exists(pid) && Files.size(pid) > 0);
    final long grandchild = Long.parseLong(Files.readString(pid).strip());
    assertThat(alive(grandchild)).isTrue();

    supervisor.close();

    await().until(() -> !alive(grandchild));
  }

  @Test
  void nothingStartsAfterTheEnd() {
    supervisor.close();

    assertThatThrownBy(() -> supervisor.start(shell("late", "true")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aProgramThatDoesNotExistIsNamed() {
    assertThatThrownBy(
            () ->
                supervisor.start(
                    new ProcessSpec("tool", List.of("/no/such/program"), Map.of(), directory)))
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining("The tool cannot be started")
        .hasMessageContaining("/no/such/program");
  }

  @Test
  void aStopThatIsIgnoredBecomesAKill() throws Exception {
    final ChildProcess deaf =
        supervisor.start(shell("deaf", "trap '' TERM; echo ready; while true; do sleep 1; done"));
    await().until(() -> Files.readString(deaf.log()).contains("ready"));

    assertThat(deaf.stop(Duration.ofMillis(300))).isFalse();
    assertThat(deaf.isAlive()).isFalse();
  }

  /** One that watches its input would take its parent for dead and end at once. */
  @Test
  void aStopLeavesTheInputOpen() throws Exception {
    final ChildProcess watching =
        supervisor.start(
            shell(
                "watching",
                "exec 3<&0; (cat <&3; kill -KILL $$) & trap 'sleep 1; exit 7' TERM;"
                    + " echo ready; while true; do sleep 1; done"));
    await().until(() -> Files.readString(watching.log()).contains("ready"));

    assertThat(watching.stop(Duration.ofSeconds(30))).isTrue();
    assertThat(watching.exitCode()).isEqualTo(7);
  }

  @Test
  void startsAgainWithMoreArguments() throws Exception {
    final RestartableProcess process =
        new RestartableProcess(
            supervisor,
            new ProcessSpec(
                "echo", List.of("/bin/sh", "-c", "echo \"$1\"", "sh"), Map.of(), directory));
    for (String word : List.of("first", "second")) {
      final ChildProcess child = process.start(word);
      child.expectExit();
      supervisor.await("The echo runs on", LONG, () -> !child.isAlive());
    }

    assertThat(directory.resolve("echo.log")).hasContent("first\nsecond");
  }

  private ProcessSpec shell(final String name, final String script) {
    return new ProcessSpec(name, List.of("/bin/sh", "-c", script), Map.of(), directory);
  }

  private static boolean alive(final long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }
}
