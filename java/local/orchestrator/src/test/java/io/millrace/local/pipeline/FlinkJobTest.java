package io.millrace.local.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlinkJobTest {

  @TempDir private Path folder;
  private Path checkpoints;

  @BeforeEach
  void chooseAFolderThatAUriWouldEscape() {
    checkpoints = folder.resolve("my checkout (1) ü%20#1");
  }

  @Test
  void theNewestCompleteCheckpointOfAnySubmissionCounts() throws Exception {
    complete("job-a/chk-7", 1_000);
    complete("job-b/chk-2", 3_000);
    complete("job-b/chk-1", 2_000);
    // begun and never completed
    Files.createDirectories(checkpoints.resolve("job-b/chk-3"));

    assertThat(FlinkJob.newestIn(checkpoints))
        .contains("file:" + checkpoints.resolve("job-b/chk-2"));
  }

  @Test
  void thereMayBeNone() throws Exception {
    assertThat(FlinkJob.newestIn(checkpoints)).isEmpty();
    assertThat(FlinkJob.newestIn(checkpoints.resolve("missing"))).isEmpty();
  }

  private void complete(final String name, final long millis) throws Exception {
    final Path directory = Files.createDirectories(checkpoints.resolve(name));
    final Path metadata = Files.createFile(directory.resolve("_metadata"));
    Files.setLastModifiedTime(metadata, FileTime.fromMillis(millis));
  }
}
