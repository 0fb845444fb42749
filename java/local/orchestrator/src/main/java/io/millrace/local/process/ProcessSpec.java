package io.millrace.local.process;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How to start a process.
 *
 * @param name what messages and the log file call it, such as {@code broker}
 * @param command program and arguments
 * @param environment added to the inherited environment
 * @param directory working directory
 */
public record ProcessSpec(
    String name, List<String> command, Map<String, String> environment, Path directory) {

  public ProcessSpec {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** The same with more environment. */
  public ProcessSpec with(final Map<String, String> more) {
    final Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    return new ProcessSpec(name, command, all, directory);
  }
}
