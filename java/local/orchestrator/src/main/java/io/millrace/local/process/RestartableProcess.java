package io.millrace.local.process;

/** A process that can be started again the same way after its end. Thread-safe. */
public final class RestartableProcess {

  private final Supervisor supervisor;
  private final ProcessSpec spec;
  private ChildProcess current;

  public RestartableProcess(final Supervisor supervisor, final ProcessSpec spec) {
    this.supervisor = supervisor;
    this.spec = spec;
  }

  /**
   * Starts it.
   *
   * @param more arguments after its own
   * @throws IllegalStateException if it runs
   */
  public synchronized ChildProcess start(final String... more) {
    if (current != null && current.isAlive()) {
      throw new IllegalStateException(spec.name() + " runs already");
    }
    current = supervisor.start(spec.withArguments(more));
    return current;
  }

  /**
   * The process started last.
   *
   * @throws IllegalStateException before the first start
   */
  public synchronized ChildProcess current() {
    if (current == null) {
      throw new IllegalStateException(spec.name() + " was never started");
    }
    return current;
  }
}
