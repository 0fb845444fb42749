package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {

  private final StringWriter out = new StringWriter();

  /** Whatever runs this test has built it. */
  @Test
  void whatBuiltThisCanBuildImages() {
    assertThat(run("doctor", "images")).as(out::toString).isZero();
    assertThat(out.toString())
        .contains("images     build the images", "has   javac ", "has   mvn ", "has   git ")
        .doesNotContain("LACKS", "render");
  }

  @Test
  void theExitCodeSaysWhetherAnythingIsLacking() {
    final int code = run("doctor");
    assertThat(code).isEqualTo(out.toString().contains("LACKS") ? 1 : 0);
    for (final DoctorCommand.Task task : DoctorCommand.Task.values()) {
      assertThat(out.toString()).contains("\n" + task + " ");
    }
  }

  @Test
  void anUnknownTaskIsBadUsage() {
    assertThat(run("doctor", "nonsense")).isEqualTo(2);
  }

  private int run(final String... arguments) {
    return Millrace.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(new StringWriter()))
        .execute(arguments);
  }
}
