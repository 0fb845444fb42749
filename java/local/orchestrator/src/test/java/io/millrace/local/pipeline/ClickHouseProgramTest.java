package io.millrace.local.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/** With a stand-in for the program: the real one is not part of a build. */
class ClickHouseProgramTest {

  @TempDir private Path folder;
  private Path program;

  @BeforeEach
  void choosePlace() {
    program = folder.resolve("clickhouse");
  }

  @Test
  void aRecentProgramOnThePathIsUsed() throws Exception {
    write("echo ClickHouse local version 25.3.2.39 '(official build)'.");

    assertThat(ClickHouseProgram.onPath("/nowhere:" + folder))
        .contains(new ClickHouseProgram(program));
  }

  @Test
  void anOldProgramIsNot() throws Exception {
    write("echo ClickHouse client version 18.16.1.");

    assertThat(ClickHouseProgram.onPath(folder.toString())).isEmpty();
  }

  @Test
  void noProgramIsFine() {
    assertThat(ClickHouseProgram.onPath(folder + ":")).isEmpty();
  }

  @Test
  void itsSettingsNameAFolderOfAnyName() throws Exception {
    try (RunDirectory run = RunDirectory.create(folder.resolve("R&D <1>"))) {
      new ClickHouseProgram(program).server(run, 8123, 1 << 30, Credentials.generated());

      final Path data = run.data().resolve("clickhouse");
      final Document settings =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(data.resolve("config.xml").toFile());
      assertThat(settings.getElementsByTagName("tmp_path").item(0).getTextContent())
          .isEqualTo(data + "/tmp/");
    }
  }

  @Test
  void theServerEndsWithThePipeAndPassesItsExitCodeOn() throws Exception {
    final Path pid = folder.resolve("pid");
    write("echo $$ > " + pid + "; exec sleep 1000");
    final Process server = server();
    await().until(() -> Files.exists(pid) && Files.size(pid) > 0);
    final ProcessHandle handle =
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();

    server.getOutputStream().close();

    await().until(() -> !handle.isAlive());
    assertThat(server.waitFor()).isEqualTo(128 + 9);
  }

  @Test
  void aCrashOfTheServerIsSeen() throws Exception {
    write("exit 42");

    assertThat(server().waitFor()).isEqualTo(42);
  }

  @Test
  void settingsAreForOneUserOnLoopbackAndForTheOwnersEyes() throws Exception {
    write("exit 0");
    try (RunDirectory run = RunDirectory.create(folder.resolve("runs"))) {
      new ClickHouseProgram(program).server(run, 8123, 1 << 20, new Credentials("u", "secret"));

      final Path settings = run.data().resolve("clickhouse/config.xml");
      assertThat(settings)
          .content()
          .contains("<listen_host>127.0.0.1</listen_host>", "<password>secret</password>");
      assertThat(Files.getPosixFilePermissions(settings))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
  }

  private Process server() throws Exception {
    try (RunDirectory run = RunDirectory.create(folder.resolve("runs"))) {
      return new ProcessBuilder(
              new ClickHouseProgram(program)
                  .server(run, 8123, 1 << 20, new Credentials("u", "p"))
                  .command())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    }
  }

  private void write(final String script) throws Exception {
    Files.writeString(program, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
  }
}
