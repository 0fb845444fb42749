package io.millrace.local.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.RunFailedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {

  @TempDir private Path runs;

  @Test
  void aSecondRunIsKeptOutAndToldWhoIsIn() throws Exception {
    try (RunDirectory first = RunDirectory.create(runs)) {
      assertThat(first.data()).isDirectory();
      assertThatThrownBy(() -> RunDirectory.create(runs))
          .isInstanceOf(RunFailedException.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid());
    }
    RunDirectory.create(runs).close();
  }

  @Test
  void nothingStaysOfARunThatPassed() throws Exception {
    try (RunDirectory run = RunDirectory.create(runs)) {
      fill(run);
      run.leave(RunDirectory.Rest.NOTHING);

      assertThat(run.root()).doesNotExist();
    }
  }

  @Test
  void logsStayOfARunThatFailed() throws Exception {
    try (RunDirectory run = RunDirectory.create(runs)) {
      fill(run);
      run.leave(RunDirectory.Rest.LOGS);

      assertThat(run.logs().resolve("broker.log")).exists();
      assertThat(run.data()).doesNotExist();
      assertThat(run.temporary()).doesNotExist();
    }
  }

  @Test
  void aRunThatFailedBeforeAnythingStartedLeavesNothing() throws Exception {
    try (RunDirectory run = RunDirectory.create(runs)) {
      run.leave(RunDirectory.Rest.LOGS);

      assertThat(run.root()).doesNotExist();
    }
  }

  @Test
  void theNextRunRemovesTheDataOfAKilledOneAndSparesAKeptOne() throws Exception {
    final Path killed = Files.createDirectories(runs.resolve("20260101-000000"));
    Files.createDirectories(killed.resolve("data/deep"));
    Files.writeString(killed.resolve("data/deep/file"), "x");
    Files.createDirectories(killed.resolve("logs"));
    final Path kept = Files.createDirectories(runs.resolve("20260102-000000"));
    Files.createDirectories(kept.resolve("data"));
    Files.createFile(kept.resolve("keep"));

    RunDirectory.create(runs).close();

    assertThat(killed.resolve("data")).doesNotExist();
    assertThat(killed.resolve("logs")).exists();
    assertThat(kept.resolve("data")).exists();
  }

  @Test
  void logsOfFailedRunsDoNotPileUp() throws Exception {
    for (int day = 10; day < 30; day++) {
      Files.createDirectories(runs.resolve("202601" + day + "-000000/logs"));
    }

    RunDirectory.create(runs).close();

    try (Stream<Path> entries = Files.list(runs)) {
      assertThat(entries.filter(e -> e.getFileName().toString().startsWith("202601")))
          .hasSize(5)
          .contains(runs.resolve("20260129-000000"));
    }
  }

  @Test
  void aPlaceThatCannotBeWrittenIsNamed() throws Exception {
    final Path file = Files.createFile(runs.resolve("file"));

    assertThatThrownBy(() -> RunDirectory.create(file.resolve("local")))
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining("Cannot write to " + file.resolve("local"));
  }

  private static void fill(final RunDirectory run) throws Exception {
    Files.writeString(run.data().resolve("file"), "x");
    Files.writeString(run.logs().resolve("broker.log"), "x");
    Files.writeString(run.temporary().resolve("file"), "x");
  }
}
