package io.millrace.local.pipeline;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.RunFailedException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PreflightTest {

  @Test
  void tooLittleDiskIsSaidWithBothNumbers() {
    assertThatThrownBy(() -> Preflight.requireDisk(3L << 30, 5L << 30, Path.of("/data")))
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining("/data has 3.0 GiB left")
        .hasMessageContaining("may need 5.0");
    assertThatCode(() -> Preflight.requireDisk(5L << 30, 5L << 30, Path.of("/data")))
        .doesNotThrowAnyException();
  }

  @Test
  void tooLittleMemoryIsSaid() {
    assertThatThrownBy(() -> Preflight.requireMemory(1L << 30, 6L << 30))
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining("1.0 GiB of memory available");
    assertThatCode(() -> Preflight.requireMemory(64L << 30, 6L << 30)).doesNotThrowAnyException();
  }
}
