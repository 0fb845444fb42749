package io.millrace.local.pipeline;

import io.millrace.local.RunFailedException;
import io.millrace.local.process.ProcessSpec;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code clickhouse} program of this machine.
 *
 * @param file the executable
 */
record ClickHouseProgram(Path file) {

  /** Deduplication tokens of tables without replicas are older; distributions carry 18.16 still. */
  private static final int OLDEST_MAJOR = 23;

  private static final Pattern VERSION = Pattern.compile("version (\\d+)\\.");

  /** The first one on the PATH, if it is recent enough. */
  static Optional<ClickHouseProgram> onPath(final String path) {
    return Arrays.stream(path.split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, "clickhouse"))
        .filter(Files::isExecutable)
        .findFirst()
        .map(ClickHouseProgram::new)
        .filter(ClickHouseProgram::isRecent);
  }

  private boolean isRecent() {
    try {
      final Process process =
          new ProcessBuilder(file.toString(), "local", "--version")
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .start();
      final String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      final Matcher version = VERSION.matcher(output);
      return version.find() && Integer.parseInt(version.group(1)) >= OLDEST_MAJOR;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * How to run it as a server for one run.
   *
   * @param port of the HTTP interface, on 127.0.0.1
   * @param maxMemory in bytes
   * @param credentials its only user
   * @throws RunFailedException if its settings cannot be written
   */
  ProcessSpec server(
      final RunDirectory run, final int port, final long maxMemory, final Credentials credentials) {
    final Path data = run.data().resolve("clickhouse");
    final Path settings = data.resolve("config.xml");
    try {
      Files.createDirectories(data);
      Files.createFile(
          settings,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(settings, settings(data, port, maxMemory, credentials));
    } catch (IOException e) {
      throw new RunFailedException("ClickHouse's settings cannot be written: " + e + ".", e);
    }
    return new ProcessSpec(
            "clickhouse",
            List.of(file.toString(), "server", "--config-file", settings.toString()),
            Map.of("TZ", "UTC"),
            data)
        .endingWithParent();
  }

  private static String settings(
      final Path data, final int port, final long maxMemory, final Credentials credentials) {
    return String.format(
        Locale.ROOT,
        """
        <clickhouse>
          <logger><level>warning</level><console>true</console></logger>
          <listen_host>127.0.0.1</listen_host>
          <http_port>%d</http_port>
          <path>%s/</path>
          <tmp_path>%s/tmp/</tmp_path>
          <max_server_memory_usage>%d</max_server_memory_usage>
          <mark_cache_size>67108864</mark_cache_size>
          <user_directories><users_xml><path>%s/config.xml</path></users_xml></user_directories>
          <profiles><default/></profiles>
          <quotas><default/></quotas>
          <users>
            <%s>
              <password>%s</password>
              <networks><ip>127.0.0.1</ip></networks>
              <profile>default</profile>
              <quota>default</quota>
            </%s>
          </users>
        </clickhouse>
        """,
        port,
        xml(data),
        xml(data),
        maxMemory,
        xml(data),
        credentials.user(),
        credentials.password(),
        credentials.user());
  }

  private static String xml(final Path path) {
    return path.toString().replace("&", "&amp;").replace("<", "&lt;");
  }
}
