package io.millrace.hooks.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.hooks.bookie.DrainStep;
import io.millrace.hooks.ensemble.Ensemble;
import io.millrace.options.DurationConverter;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Runs {@code millrace guard} against an ensemble, in this JVM or in one that gets killed. */
final class GuardRuns {
  private static final int SIGKILLED = 128 + 9;

  private final Ensemble ensemble;
  private final Path kubeconfig;
  private final Path desired;

  GuardRuns(Ensemble ensemble, Path kubeconfig, Path desired) {
    this.ensemble = ensemble;
    this.kubeconfig = kubeconfig;
    this.desired = desired;
  }

  /** The end of a run and everything it said. */
  record Result(int exitCode, String output) {
    void accepted() {
      assertThat(exitCode).as(output).isZero();
    }
  }

  Result run(int bookies, String... options) throws IOException {
    desire(bookies, 16);
    return run(options);
  }

  Result runWithPartitions(int partitions) throws IOException {
    desire(Ensemble.BOOKIES, partitions);
    return run();
  }

  private Result run(String... options) {
    StringWriter output = new StringWriter();
    System.setProperty("kubeconfig", kubeconfig.toString());
    try {
      int exitCode =
          new CommandLine(new GuardCommand())
              .registerConverter(Duration.class, new DurationConverter())
              .setErr(new PrintWriter(output, true))
              .setOverwrittenOptionsAllowed(true)
              .execute(arguments(options));
      return new Result(exitCode, output.toString());
    } finally {
      System.clearProperty("kubeconfig");
    }
  }

  /**
   * Runs the guard in a child JVM until it has done the step, and kills it there. The child has
   * what the tools image has: the module's runtime dependencies and no server.
   */
  void killAfter(DrainStep step, int bookies) throws IOException, InterruptedException {
    desire(bookies, 16);
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.add("-Xmx192m");
    line.add("-XX:+UseSerialGC");
    line.add("-XX:TieredStopAtLevel=1");
    line.add("-Dkubeconfig=" + kubeconfig);
    line.add("-Dhold=" + step);
    line.add("-cp");
    line.add(runtimeClassPath());
    line.add(GuardMain.class.getName());
    line.addAll(List.of(arguments()));
    Process guard = new ProcessBuilder(line).redirectErrorStream(true).start();
    StringBuilder output = new StringBuilder();
    try (BufferedReader lines = guard.inputReader(StandardCharsets.UTF_8)) {
      String text = lines.readLine();
      while (text != null && !text.equals(GuardMain.HELD + step)) {
        output.append(text).append('\n');
        text = lines.readLine();
      }
      assertThat(text).as("the guard ended before %s:%n%s", step, output).isNotNull();
    } finally {
      guard.destroyForcibly();
    }
    assertThat(guard.waitFor()).isEqualTo(SIGKILLED);
  }

  private static String runtimeClassPath() throws IOException {
    return String.join(
        File.pathSeparator,
        Path.of("target", "classes").toString(),
        Path.of("target", "test-classes").toString(),
        // of the command line that the guard's own process is started with, and of no hook
        Path.of(URI.create(location(DurationConverter.class))).toString(),
        Files.readString(Path.of("target", "classpath")).strip());
  }

  private static String location(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation().toString();
  }

  private void desire(int bookies, int partitions) throws IOException {
    Files.writeString(
        desired,
        """
        bookies: "%d"
        zookeeper: "3"
        clickhouse-shards: "3"
        clickhouse-replicas: "2"
        keeper: "3"
        partitions: "%d"
        """
            .formatted(bookies, partitions));
  }

  private String[] arguments(String... options) {
    return Stream.concat(
            Stream.of(
                "--desired=" + desired,
                "--metadata-service-uri=" + ensemble.metadataServiceUri(),
                "--bookie-http=" + ensemble.bookieHttp(),
                "--admin-url=" + ensemble.adminUrl(),
                "--topic=" + Load.TOPIC,
                "--max-disk-usage=1",
                "--writer-grace=1s",
                "--timeout=2m"),
            Stream.of(options))
        .toArray(String[]::new);
  }
}
