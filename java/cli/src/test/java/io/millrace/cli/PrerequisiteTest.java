package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.platform.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrerequisiteTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Apache Maven 3.8.6 (8471) | 3.8.6 | true | tool 3.8.6",
        "Apache Maven 3.8.10 (8471) | 3.8.6 | true | tool 3.8.10",
        "Apache Maven 3.6.3 | 3.8.6 | false | tool is 3.6.3, older than 3.8.6: get it",
        "Apache \u001B[1mMaven 3.9.1\u001B[0m | 3.8.6 | true | tool 3.9.1",
        "Client Version: v1.32.1 | 1.29 | true | tool 1.32.1",
        "javac 25 | 17 | true | tool 25",
        "v16.20.0 | 18 | false | tool is 16.20.0, older than 18: get it",
        "hello | 0 | false | tool does not say its version: get it"
      })
  void comparesTheVersionThatTheProgramPrints(
      final String prints, final String minimum, final boolean met, final String text)
      throws IOException {
    final Prerequisite.Finding finding = program("echo '" + prints + "'", minimum).find();
    assertThat(finding.text()).isEqualTo(text);
    assertThat(finding.met()).isEqualTo(met);
  }

  @Test
  void aProgramThatFailsIsLacking() throws IOException {
    final Prerequisite.Finding finding = program("echo broken >&2; exit 3", "0").find();
    assertThat(finding.met()).isFalse();
    assertThat(finding.text()).contains("does not work", "exit code 3: broken", "get it");
  }

  @Test
  void aMissingProgramIsLackingWithItsRemedy() {
    final Prerequisite missing =
        new Prerequisite(tool(folder.resolve("nowhere")), List.of("--version"), "0");
    assertThat(missing.find())
        .isEqualTo(new Prerequisite.Finding(false, "nowhere is missing: get it"));
  }

  private Prerequisite program(final String script, final String minimum) throws IOException {
    final Path program = folder.resolve("tool");
    Files.writeString(program, "#!/bin/sh\n" + script + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return new Prerequisite(tool(program), List.of("--version"), minimum);
  }

  private static Tool tool(final Path program) {
    return new Tool(program.toString(), "get it", Duration.ofSeconds(30));
  }
}
