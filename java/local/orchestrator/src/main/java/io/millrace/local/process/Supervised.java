package io.millrace.local.process;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * Runs another main class in a JVM that dies with its parent. The parent holds the writing end of
 * this process's standard input and never writes; when the parent is gone, however it went, the
 * kernel closes the pipe and reading it ends.
 *
 * <p>Uses nothing but the JDK: it is appended to the class paths of programs that are not ours.
 */
public final class Supervised {

  private Supervised() {}

  /**
   * @param args the main class, then its arguments
   * @throws Throwable what the main class throws
   */
  public static void main(final String[] args) throws Throwable {
    final Thread watcher = new Thread(Supervised::dieWithParent, "parent-watcher");
    watcher.setDaemon(true);
    watcher.start();
    try {
      Class.forName(args[0])
          .getMethod("main", String[].class)
          .invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static void dieWithParent() {
    try {
      while (System.in.read() >= 0) {
        // the parent writes nothing; only the end counts
      }
    } catch (IOException e) {
      System.err.println("Standard input is gone: " + e);
    }
    try {
      // halting runs the exit handlers of native libraries, which may hang: the kernel's kill
      // cannot
      new ProcessBuilder("kill", "-KILL", Long.toString(ProcessHandle.current().pid()))
          .start()
          .waitFor();
    } catch (IOException | InterruptedException e) {
      System.err.println("Cannot be killed, halts instead: " + e);
    }
    Runtime.getRuntime().halt(137);
  }
}
