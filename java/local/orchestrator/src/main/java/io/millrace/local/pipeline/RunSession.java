package io.millrace.local.pipeline;

import io.millrace.local.RunFailedException;
import io.millrace.local.process.Supervisor;
import java.io.IOException;

/** One run that holds the machine from its start to its report. */
public final class RunSession {

  private final Installation installation;
  private final RunOptions options;
  private final RunEvents events;
  private final Load load;
  private final Epilogue epilogue;

  /** What follows the report. */
  @FunctionalInterface
  public interface Epilogue {

    /**
     * Tells the result, while the servers are still up.
     *
     * @return whether all is as it should be; if not, the logs stay
     */
    boolean tell(RunReport report) throws IOException;
  }

  /**
   * @param load what happens while events are produced
   */
  public RunSession(
      final Installation installation,
      final RunOptions options,
      final RunEvents events,
      final Load load,
      final Epilogue epilogue) {
    this.installation = installation;
    this.options = options;
    this.events = events;
    this.load = load;
    this.epilogue = epilogue;
  }

  /**
   * Carries the run out, writes its report and tells it. A run that is to be held ends this process
   * when a signal comes.
   *
   * @return what the epilogue said
   * @throws RunFailedException if it did not come to a verdict, or a server ended that was to stay
   */
  public boolean run() throws InterruptedException {
    return new RunHold(installation, options.keep(), options.hold())
        .during(this::execute, Boolean::booleanValue);
  }

  private boolean execute(final Supervisor supervisor, final RunDirectory run)
      throws IOException, InterruptedException {
    Preflight.check(options, run.root());
    final RunReport report =
        new PipelineRun(supervisor, installation, run, options, events, load).execute();
    report.writeTo(options.report());
    return epilogue.tell(report);
  }
}
