package io.millrace.platform.command;

import io.millrace.platform.PlatformException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** Turns a fault that the user can mend into one line on standard error and exit code 1. */
final class Failure {
  static final int SUCCESS = 0;
  static final int FAILED = 1;

  private Failure() {}

  static int guard(CommandSpec spec, Callable<Integer> action) throws Exception {
    try {
      return action.call();
    } catch (PlatformException e) {
      spec.commandLine().getErr().println(spec.qualifiedName() + ": " + e.getMessage());
      return FAILED;
    } finally {
      spec.commandLine().getOut().flush();
    }
  }
}
