package io.millrace.platform;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * An external program on the PATH. Immutable and thread-safe.
 *
 * @param program name of the executable, or its absolute path
 * @param remedy what to do when it is missing; ends the error sentence
 * @param timeout after which a run is ended and counted as failed
 */
public record Tool(String program, String remedy, Duration timeout) {

  public static Tool kubectl() {
    return new Tool(
        "kubectl",
        "install kubectl 1.29 or newer, which brings kustomize"
            + " (https://kubernetes.io/docs/tasks/tools/)",
        Duration.ofMinutes(10));
  }

  public static Tool aws() {
    return new Tool(
        "aws",
        "install the AWS CLI 2"
            + " (https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html)",
        Duration.ofMinutes(2));
  }

  public static Tool terraform() {
    return new Tool(
        "terraform",
        "install Terraform 1.11 or newer (https://developer.hashicorp.com/terraform/install)",
        Duration.ofMinutes(2));
  }

  public static Tool git() {
    return new Tool("git", "install git", Duration.ofSeconds(30));
  }

  /** Whether the program can be started at all. */
  public boolean present() {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      if (Path.of(folder).resolve(program).toFile().canExecute()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Runs the program and returns what it printed on its standard output.
   *
   * @throws PlatformException when it is missing, does not end in time or exits non-zero; the
   *     message carries its standard error
   */
  public String run(Path workingDirectory, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(program);
    command.addAll(List.of(arguments));
    String line = String.join(" ", command);
    Process process = start(workingDirectory, command);
    CompletableFuture<String> errors =
        CompletableFuture.supplyAsync(() -> drain(process.getErrorStream()));
    CompletableFuture<String> output =
        CompletableFuture.supplyAsync(() -> drain(process.getInputStream()));
    try {
      if (!process.waitFor(timeout.toSeconds(), TimeUnit.SECONDS)) {
        throw new PlatformException(
            String.format(Locale.ROOT, "`%s` did not end within %d s.", line, timeout.toSeconds()));
      }
      if (process.exitValue() != 0) {
        String said = errors.get().isBlank() ? output.get() : errors.get();
        throw new PlatformException(
            String.format(
                Locale.ROOT,
                "`%s` failed with exit code %d: %s",
                line,
                process.exitValue(),
                said.strip()));
      }
      return output.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("`%s` was interrupted.".formatted(line), e);
    } catch (ExecutionException e) {
      throw new PlatformException("The output of `%s` could not be read.".formatted(line), e);
    } finally {
      process.destroyForcibly();
    }
  }

  private Process start(Path workingDirectory, List<String> command) {
    if (!present()) {
      throw new PlatformException(program + " is not on the PATH: " + remedy + ".");
    }
    try {
      return new ProcessBuilder(command)
          .directory(workingDirectory.toFile())
          .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
          .start();
    } catch (IOException e) {
      throw new PlatformException("`%s` could not be started: %s.".formatted(command, e), e);
    }
  }

  private static String drain(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
