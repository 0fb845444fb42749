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

  /**
   * @param load what happens while events are produced
   */
  public RunSession(
      final Installation installation,
      final RunOptions options,
      final RunEvents events,
      final Load load) {
    this.installation = installation;
    this.options = options;
    this.events = events;
    this.load = load;
  }

  /**
   * Carries the run out and writes its report.
   *
   * @return the result, whatever the audit's verdict
   * @throws RunFailedException if it did not come to a verdict
   */
  public RunReport run() throws InterruptedException {
    return new RunHold(installation, options.keep()).during(this::execute, RunReport::passed);
  }

  private RunReport execute(final Supervisor supervisor, final RunDirectory run)
      throws IOException, InterruptedException {
    Preflight.check(options, run.root());
    final RunReport report =
        new PipelineRun(supervisor, installation, run, options, events, load).execute();
    report.writeTo(options.report());
    return report;
  }
}
