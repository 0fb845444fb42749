package io.millrace.local.process;

import java.nio.file.Path;
import java.util.ArrayList;
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

  private static final String NICENESS = "10";

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

  /** The same, but giving way to the other processes where processors are scarce. */
  public ProcessSpec givingWay() {
    final List<String> behind = new ArrayList<>(List.of("nice", "-n", NICENESS));
    behind.addAll(command);
    return new ProcessSpec(name, behind, environment, directory);
  }
}
