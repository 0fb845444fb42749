package io.millrace.producer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The producer as its users run it: a JVM with a command line. */
final class ProducerProcess implements AutoCloseable {

  private static final Pattern URL = Pattern.compile("Metrics and health on (http://\\S+)");

  private final Process process;
  private final Path out;
  private final Path err;
  private final Path report;

  private ProducerProcess(
      final Process process, final Path out, final Path err, final Path report) {
    this.process = process;
    this.out = out;
    this.err = err;
    this.report = report;
  }

  static ProducerProcess start(final Path folder, final String arguments) throws IOException {
    final Path own = Files.createTempDirectory(folder, "producer");
    final Path report = own.resolve("report.json");
    final List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:-UsePerfData"));
    command.add(EventDataProducer.class.getName());
    command.addAll(List.of(arguments.split(" ")));
    command.addAll(List.of("--http-port", "0", "--report", report.toString()));
    final Path out = own.resolve("out.log");
    final Path err = own.resolve("err.log");
    final ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return new ProducerProcess(builder.start(), out, err, report);
  }

  /** Waits until it sends. */
  ProducerProcess awaitSending() {
    Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .pollInterval(50, TimeUnit.MILLISECONDS)
        .until(() -> output().contains("Producing"));
    return this;
  }

  int awaitExit() throws InterruptedException {
    if (!process.waitFor(90, TimeUnit.SECONDS)) {
      throw new IllegalStateException("The producer does not end");
    }
    return process.exitValue();
  }

  void terminate() {
    process.destroy();
  }

  /** As {@code kill -9} does. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  String url() throws IOException {
    final Matcher matcher = URL.matcher(output());
    if (!matcher.find()) {
      throw new IllegalStateException("No address in: " + output());
    }
    return matcher.group(1);
  }

  String output() throws IOException {
    return Files.readString(out);
  }

  String errors() throws IOException {
    return Files.readString(err);
  }

  JsonNode report() throws IOException {
    return new ObjectMapper().readTree(report.toFile());
  }

  @Override
  public void close() {
    kill();
  }
}
