package io.millrace.hooks.command;

import io.millrace.hooks.bookie.DrainProgress;
import io.millrace.hooks.bookie.DrainStep;
import io.millrace.hooks.ensemble.ChildProcess;
import io.millrace.options.DurationConverter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;

/** The guard in a JVM of its own; with {@code -Dhold=STEP} it stops for ever after that step. */
final class GuardMain {
  static final String HELD = "held after ";

  private GuardMain() {}

  public static void main(String[] arguments) {
    ChildProcess.endWithParent();
    DrainStep hold = DrainStep.valueOf(System.getProperty("hold"));
    System.exit(
        new CommandLine(new GuardCommand(progress -> holding(progress, hold)))
            .registerConverter(Duration.class, new DurationConverter())
            .execute(arguments));
  }

  private static DrainProgress holding(DrainProgress progress, DrainStep hold) {
    return (step, bookie, detail) -> {
      progress.reached(step, bookie, detail);
      if (step == hold) {
        System.out.println(HELD + step);
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    };
  }
}
