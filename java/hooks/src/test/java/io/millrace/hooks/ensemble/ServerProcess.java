package io.millrace.hooks.ensemble;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A child JVM, which can be killed as the kernel kills. */
final class ServerProcess implements AutoCloseable {
  private static final List<String> OPENS =
      List.of(
          "java.base/java.nio",
          "java.base/jdk.internal.misc",
          "java.base/jdk.internal.platform",
          "java.base/java.lang",
          "java.base/java.util.zip",
          "java.base/sun.net",
          "java.management/sun.management");

  private final String name;
  private final Process process;
  private final Path log;

  private ServerProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /** Starts a server on the class path of the test. */
  static ServerProcess start(String name, Path directory, List<String> jvm, String... command)
      throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String open : OPENS) {
      line.add("--add-opens=" + open + "=ALL-UNNAMED");
    }
    line.add("-Dio.netty.tryReflectionSetAccessible=true");
    line.add("-XX:+UseSerialGC");
    line.add("-XX:TieredStopAtLevel=1");
    line.addAll(jvm);
    line.add("-cp");
    line.add(System.getProperty("java.class.path"));
    line.add(ChildProcess.class.getName());
    line.addAll(List.of(command));
    Path log = directory.resolve(name + ".log");
    Process process =
        new ProcessBuilder(line)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    return new ServerProcess(name, process, log);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for the process to end and returns its exit code. */
  int exitCode(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError(name + " still runs after " + limit);
    }
    return process.exitValue();
  }

  /** Returns everything that the process wrote, over all its starts. */
  String output() throws IOException {
    return Files.readString(log);
  }

  /** SIGKILL, and waits for the process to be gone. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
