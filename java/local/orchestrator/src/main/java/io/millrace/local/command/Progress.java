package io.millrace.local.command;

import io.millrace.local.pipeline.RunEvents;
import io.millrace.local.pipeline.RunReport;
import io.millrace.local.pipeline.RunSnapshot;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Tells a person what happens, one line every few seconds. */
public final class Progress implements RunEvents {

  private static final Duration EVERY = Duration.ofSeconds(5);

  private final PrintWriter out;
  private Duration next = Duration.ZERO;
  private Duration since = Duration.ZERO;
  private long producedThen;

  public Progress(final PrintWriter out) {
    this.out = out;
  }

  @Override
  public void endpoint(final String name, final String address) {
    out.printf("  %-17s %s%n", name, address);
    out.flush();
  }

  @Override
  public void phase(final String description) {
    out.println(description);
    out.flush();
  }

  @Override
  public void mark(final Mark kind, final String text, final Instant at) {
    // whoever marks a moment says so in a phase as well
  }

  @Override
  public void verdict(final RunReport report) {
    // the command prints it, as its result
  }

  @Override
  public void snapshot(final RunSnapshot now) {
    if (now.elapsed().compareTo(next) < 0) {
      return;
    }
    final double seconds = now.elapsed().minus(since).toMillis() / 1000.0;
    final double rate = seconds > 0 ? (now.produced() - producedThen) / seconds : 0;
    out.printf(
        Locale.ROOT,
        "  %4ds  %,9.0f msg/s  %,13d messages  lag %,11d  checkpoints %d%s  rows %,d%s%n",
        now.elapsed().toSeconds(),
        rate,
        now.produced(),
        now.lag(),
        now.checkpoints(),
        now.failedCheckpoints() == 0 ? "" : " (" + now.failedCheckpoints() + " failed)",
        now.rows(),
        now.jobState().equals("RUNNING") ? "" : "  job " + now.jobState() + " " + now.trouble());
    out.flush();
    since = now.elapsed();
    producedThen = now.produced();
    next = now.elapsed().plus(EVERY);
  }
}
