package io.millrace.local.process;

import io.millrace.local.RunFailedException;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A module of the reactor that runs as a process of its own: its jar, and the class path that its
 * build wrote beside it.
 *
 * @param target the module's {@code target} directory
 */
public record JavaModule(Path target) {

  /** What other modules' tests take from a module ends its jar with this. */
  private static final String TESTS = "-tests.jar";

  /** File in {@code target} with the class path of what the module depends on. */
  private static final String CLASS_PATH_FILE = "classpath";

  /**
   * How to start a main class of this module in a JVM that dies with this one.
   *
   * @param name what messages and the log file call the process
   * @param jvmFlags flags of the JVM
   * @param mainClass full name of a class of the module or of what it depends on
   * @param arguments of the main class
   * @param directory working directory
   * @throws RunFailedException if the module has not been built
   */
  public ProcessSpec process(
      final String name,
      final List<String> jvmFlags,
      final String mainClass,
      final List<String> arguments,
      final Path directory) {
    final List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmFlags);
    command.add(Supervised.class.getName());
    command.add(mainClass);
    command.addAll(arguments);
    // not an argument: it would bury the rest of the command line in every process list
    return new ProcessSpec(name, command, Map.of("CLASSPATH", classPath()), directory);
  }

  private String classPath() {
    try {
      return String.join(
          File.pathSeparator,
          jar().toString(),
          Files.readString(target.resolve(CLASS_PATH_FILE)).strip(),
          supervisor().toString());
    } catch (IOException e) {
      throw new RunFailedException(
          "The module in " + target + " is not built (" + e + "); run mvn -f java package.", e);
    }
  }

  private Path jar() throws IOException {
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(target, "millrace-*.jar")) {
      for (Path jar : jars) {
        if (!jar.getFileName().toString().endsWith(TESTS)) {
          return jar;
        }
      }
    }
    throw new IOException("no jar in " + target);
  }

  /** Where {@link Supervised} was loaded from: a jar, or a directory of classes. */
  private static Path supervisor() {
    try {
      return Path.of(Supervised.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
