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

  /** When the pipe on standard input ends, so does the program. */
  private static final String UNTIL_INPUT_ENDS =
      "exec 3<&0; \"$@\" </dev/null 3<&- & server=$!;"
          + " { cat <&3 >/dev/null; kill -KILL $server; } 2>/dev/null & exec 3<&-;"
          + " wait $server; code=$?; kill $! 2>/dev/null; exit $code";

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

  /** The same of a program that knows nothing of its parent, but ending when that is gone. */
  public ProcessSpec endingWithParent() {
    final List<String> watched = new ArrayList<>(List.of("/bin/sh", "-c", UNTIL_INPUT_ENDS, name));
    watched.addAll(command);
    return new ProcessSpec(name, watched, environment, directory);
  }

  /** The same with more arguments. */
  ProcessSpec withArguments(final String... more) {
    final List<String> all = new ArrayList<>(command);
    all.addAll(List.of(more));
    return new ProcessSpec(name, all, environment, directory);
  }

  /**
   * The same, but giving way to the other processes where processors are scarce.
   *
   * @param really whether it shall
   */
  public ProcessSpec givingWay(final boolean really) {
    if (!really) {
      return this;
    }
    final List<String> behind = new ArrayList<>(List.of("nice", "-n", NICENESS));
    behind.addAll(command);
    return new ProcessSpec(name, behind, environment, directory);
  }
}
