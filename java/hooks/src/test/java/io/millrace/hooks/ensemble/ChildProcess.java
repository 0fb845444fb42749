package io.millrace.hooks.ensemble;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;

/** Runs a server's main class and ends with the JVM that started it, however that ended. */
public final class ChildProcess {
  private ChildProcess() {}

  public static void main(String[] command) throws Throwable {
    endWithParent();
    MethodHandles.lookup()
        .findStatic(
            Class.forName(command[0]), "main", MethodType.methodType(void.class, String[].class))
        .invoke(Arrays.copyOfRange(command, 1, command.length));
  }

  /** Ends this JVM when its parent has ended. */
  public static void endWithParent() {
    ProcessHandle.current()
        .parent()
        .orElseThrow()
        .onExit()
        .thenRun(() -> Runtime.getRuntime().halt(1));
  }
}
