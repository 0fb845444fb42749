package io.millrace.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PeakMemoryTest {

  private static final long NO_PROCESS = Integer.MAX_VALUE;

  private final PeakMemory memory = new PeakMemory();

  @Test
  void thePeakOfALivingProcess() {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "only Linux tells peaks in /proc");
    final byte[] touched = new byte[32 << 20];
    Arrays.fill(touched, (byte) 1);

    memory.look("test", ProcessHandle.current().pid());

    assertThat(memory.bytes().get("test")).isGreaterThan(touched.length);
  }

  @Test
  void aProcessThatIsGoneHasNone() {
    memory.look("gone", NO_PROCESS);

    assertThat(memory.bytes()).isEmpty();
  }
}
