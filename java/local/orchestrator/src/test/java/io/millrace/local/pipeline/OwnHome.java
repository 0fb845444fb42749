package io.millrace.local.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An installation of this checkout's modules and engine whose runs are in no other run's way. */
final class OwnHome {

  private OwnHome() {}

  /**
   * Makes the installation.
   *
   * @param home an empty folder
   */
  static Installation in(final Path home) throws IOException {
    Path checkout = Path.of("").toAbsolutePath();
    while (!Files.exists(checkout.resolve("java/pom.xml"))) {
      checkout = checkout.getParent();
    }
    Files.createSymbolicLink(home.resolve("java"), checkout.resolve("java"));
    Files.createDirectories(home.resolve("build/local"));
    Files.createSymbolicLink(
        home.resolve("build/clickhouse-engine"), checkout.resolve("build/clickhouse-engine"));
    return new Installation(home);
  }
}
