package io.millrace.local.pipeline;

import io.millrace.local.RunFailedException;
import io.millrace.local.UsageException;
import io.millrace.local.process.JavaModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A built checkout of the project.
 *
 * @param home the checkout's root
 */
public record Installation(Path home) {

  /** System property with the root of the checkout; the launcher sets it. */
  private static final String HOME_PROPERTY = "millrace.home";

  private static final String ENGINE_FILE = "libchdb.so";

  /**
   * The checkout that the launcher belongs to.
   *
   * @throws UsageException if there is no launcher
   */
  public static Installation ofLauncher() {
    final String home = System.getProperty(HOME_PROPERTY);
    if (home == null) {
      throw new UsageException("Start Millrace with its launcher, ./millrace.");
    }
    return new Installation(Path.of(home));
  }

  /** Where runs live. */
  Path runs() {
    return home.resolve("build").resolve("local");
  }

  /** Where the report goes if nobody says otherwise. */
  public Path defaultReport() {
    return runs().resolve("report.json");
  }

  /** A file of the checkout as a person names it, who stands in the checkout. */
  Path shown(final Path file) {
    return file.startsWith(home) ? home.relativize(file) : file;
  }

  /** A module that runs as a process, by its folder under {@code java/}. */
  public JavaModule module(final String folder) {
    return new JavaModule(home.resolve("java").resolve(folder).resolve("target"));
  }

  /** The job with its libraries, without Flink's own classes. */
  public Path flinkJob(final JobSource source) {
    return home.resolve(source.jar());
  }

  /**
   * The embedded ClickHouse engine.
   *
   * @throws RunFailedException if it is not installed
   */
  public Path clickHouseEngine() {
    final Path packages = home.resolve("build/clickhouse-engine/node_modules/@chdb");
    if (Files.isDirectory(packages)) {
      try (Stream<Path> files = Files.walk(packages, 2)) {
        final Optional<Path> library =
            files.filter(file -> file.getFileName().toString().equals(ENGINE_FILE)).findFirst();
        if (library.isPresent()) {
          return library.get();
        }
      } catch (IOException e) {
        throw new RunFailedException(packages + " cannot be read: " + e + ".", e);
      }
    }
    throw new RunFailedException(
        "The embedded ClickHouse engine is not installed in "
            + packages
            + "; ./millrace local installs it with npm, --clickhouse URL does without it.");
  }
}
