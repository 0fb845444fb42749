package io.millrace.local.clickhouse.engine;

import com.sun.jna.Library;
import com.sun.jna.Native;

/**
 * What the process needs of the C library and Java cannot do: set an environment variable that the
 * engine reads, and leave without running C++ destructors, which crash while engine threads live.
 */
public final class ProcessControl {

  private static final int SIGKILL = 9;

  private final LibC libc = Native.load("c", LibC.class);

  /** Sets an environment variable as native code sees it. Java's own view does not change. */
  void setEnvironment(String name, String value) {
    if (libc.setenv(name, value, 1) != 0) {
      throw new IllegalStateException("Cannot set the environment variable " + name + ".");
    }
  }

  /** Ends the process at once with the status, without shutdown hooks or C exit handlers. */
  public void exitNow(int status) {
    System.out.flush();
    System.err.flush();
    libc._exit(status);
  }

  /** Ends the process as {@code kill -9} does. */
  public void killSelf() {
    libc.kill(libc.getpid(), SIGKILL);
  }

  /** Functions of the C library. Public only because JNA implements it. */
  public interface LibC extends Library {
    int setenv(String name, String value, int overwrite);

    int getpid();

    int kill(int pid, int signal);

    void _exit(int status);
  }
}
