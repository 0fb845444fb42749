package io.millrace.local.command;

import io.millrace.local.RunFailedException;
import io.millrace.local.console.Console;
import io.millrace.local.pipeline.Installation;
import io.millrace.local.pipeline.Load;
import io.millrace.local.pipeline.RunEvents;
import io.millrace.local.pipeline.RunOptions;
import io.millrace.local.pipeline.RunSession;
import io.millrace.local.process.Ports;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/** A run that people can watch: lines on a terminal, and the live page. */
public final class WatchedRun {

  /** The first port that is tried for the live page. */
  public static final int CONSOLE_PORT = 8090;

  private WatchedRun() {}

  /**
   * What is watched.
   *
   * @param <T> its result
   */
  @FunctionalInterface
  public interface Run<T> {

    /**
     * Carries it out.
     *
     * @param events hears what happens
     * @return the result, whatever the audit's verdict
     * @throws RunFailedException if it did not come to a verdict
     */
    T execute(RunEvents events) throws IOException, InterruptedException;
  }

  /**
   * Carries a whole run out.
   *
   * @param load what happens while events are produced
   * @param epilogue tells the result
   * @param consolePort of the live page on 127.0.0.1; the next free one is taken
   * @param out where the lines go
   * @return what the epilogue said
   * @throws RunFailedException if it did not come to a verdict
   */
  static boolean of(
      final Installation installation,
      final RunOptions options,
      final Load load,
      final RunSession.Epilogue epilogue,
      final int consolePort,
      final PrintWriter out)
      throws InterruptedException {
    try {
      return of(
          events -> new RunSession(installation, options, events, load, epilogue).run(),
          consolePort,
          out);
    } catch (IOException e) {
      throw new RunFailedException("The console cannot be served: " + e.getMessage(), e);
    }
  }

  /**
   * Lets people watch a run.
   *
   * @param consolePort of the live page on 127.0.0.1; the next free one is taken
   * @param out where the lines go
   * @return the result, whatever the audit's verdict
   * @throws RunFailedException if it did not come to a verdict
   * @throws IOException if the page cannot be served, or from the run
   */
  public static <T> T of(final Run<T> run, final int consolePort, final PrintWriter out)
      throws IOException, InterruptedException {
    try (Console console = new Console(new Ports().next(consolePort))) {
      final Progress progress = new Progress(out);
      progress.endpoint("console", console.url());
      try {
        return run.execute(new Audience(List.of(progress, console)));
      } catch (RunFailedException e) {
        console.failed(e.getMessage());
        throw e;
      }
    }
  }
}
