package io.millrace.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProducerReportsTest {

  @TempDir private Path folder;

  @Test
  void aKilledProcessLeavesALowerBoundAndItsSuccessorTheWholeCount() throws IOException {
    final Path killed = report("killed", false, 100);
    final Path successor = report("successor", true, 250);

    assertThat(ProducerReports.read(List.of(killed)))
        .isEqualTo(Map.of("millrace-iot-0-p0", new ProducerReports.Confirmed(100, false)));
    assertThat(ProducerReports.read(List.of(killed, successor)))
        .isEqualTo(Map.of("millrace-iot-0-p0", new ProducerReports.Confirmed(250, true)));
  }

  @Test
  void aSuccessorThatWasKilledAtOnceMayHaveSentMoreThanItsPredecessor() throws IOException {
    assertThat(ProducerReports.read(List.of(report("ended", true, 100), report("new", false, 0))))
        .isEqualTo(Map.of("millrace-iot-0-p0", new ProducerReports.Confirmed(100, false)));
  }

  @Test
  void aFileThatIsNoReportIsNamed() throws IOException {
    final Path file = folder.resolve("x.json");
    Files.writeString(file, "{}");

    assertThatThrownBy(() -> ProducerReports.read(List.of(file)))
        .isInstanceOf(AuditException.class)
        .hasMessageContaining("x.json cannot be read");
  }

  private Path report(final String name, final boolean complete, final long confirmed)
      throws IOException {
    return Files.writeString(
        folder.resolve(name + ".json"),
        "{\"complete\": "
            + complete
            + ", \"confirmed\": {\"millrace-iot-0-p0\": "
            + confirmed
            + "}}");
  }
}
