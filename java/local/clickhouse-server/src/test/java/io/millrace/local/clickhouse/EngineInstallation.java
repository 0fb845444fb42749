package io.millrace.local.clickhouse;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The engine's library in {@code build/clickhouse-engine}, installed with {@code npm ci} when it is
 * not there. Without npm the test is skipped, and says so.
 */
final class EngineInstallation {

  private static final List<String> PACKAGE_FILES = List.of("package.json", "package-lock.json");

  private EngineInstallation() {}

  static Path library() throws IOException, InterruptedException {
    Path module = Path.of("").toAbsolutePath();
    Path root = module;
    while (!Files.exists(root.resolve("java/pom.xml"))) {
      root = root.getParent();
    }
    Path target = Files.createDirectories(root.resolve("build/clickhouse-engine"));
    // several modules' tests may run at once
    try (FileChannel channel =
            FileChannel.open(
                target.resolveSibling("clickhouse-engine.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (!lock.isValid() || !isInstalled(module, target)) {
        install(module, target);
      }
      return libraryIn(target);
    }
  }

  private static boolean isInstalled(Path module, Path target) throws IOException {
    for (String file : PACKAGE_FILES) {
      if (!Files.exists(target.resolve(file))
          || Files.mismatch(module.resolve(file), target.resolve(file)) >= 0) {
        return false;
      }
    }
    return libraryIn(target) != null;
  }

  private static void install(Path module, Path target) throws IOException, InterruptedException {
    for (String file : PACKAGE_FILES) {
      Files.copy(module.resolve(file), target.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    Process npm;
    try {
      npm =
          new ProcessBuilder("npm", "ci", "--prefix", target.toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      String reason = "Skipped: npm, which installs the ClickHouse engine, is missing.";
      System.out.println(reason);
      Assumptions.abort(reason);
      return;
    }
    String output = new String(npm.getInputStream().readAllBytes());
    if (!npm.waitFor(10, TimeUnit.MINUTES) || npm.exitValue() != 0 || libraryIn(target) == null) {
      throw new IOException("npm ci did not install the engine in " + target + ":\n" + output);
    }
  }

  /** Returns the library, or null when it is not there. */
  private static Path libraryIn(Path target) throws IOException {
    Path packages = target.resolve("node_modules/@chdb");
    if (!Files.isDirectory(packages)) {
      return null;
    }
    try (Stream<Path> installed = Files.list(packages)) {
      return installed
          .map(directory -> directory.resolve("libchdb.so"))
          .filter(Files::exists)
          .findFirst()
          .orElse(null);
    }
  }
}
