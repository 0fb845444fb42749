package io.millrace.local.clickhouse.faults;

import io.millrace.local.clickhouse.engine.EngineException;

/**
 * Faults that the next inserts will meet, so that their clients' recovery can be tried. Each insert
 * calls {@link #beforeEngine}, {@link #beforeCommit} and {@link #afterCommit} as it goes. With no
 * fault set, these do nothing. Thread-safe.
 */
public final class InsertFaults {

  private final Runnable hardExit;
  private Plan plan = Plan.NONE;

  /** Counts the calls of {@link #set}. */
  private long generation;

  private int hanging;
  private boolean closed;

  /**
   * Makes faults, none of them set.
   *
   * @param hardExit ends the process at once, as a crash does
   */
  public InsertFaults(Runnable hardExit) {
    this.hardExit = hardExit;
  }

  /** When the process ends, seen from the insert that it happens to. */
  public enum ExitPoint {
    /** The engine has the data but has not been told to store it. */
    BEFORE_COMMIT,
    /** The engine has stored the data, the client has no answer. */
    AFTER_COMMIT
  }

  /**
   * What will happen to the next inserts.
   *
   * @param failures how many inserts are answered with the error, 0 or more
   * @param code ClickHouse's error code of these
   * @param codeName the code's name
   * @param hangs how many inserts wait, after the failing ones, until the faults change
   * @param delayMillis how long every insert is held up, 0 or more
   * @param exitAt when the process ends, or null for never
   * @param exitAfter how many inserts get past before the one that the exit happens to
   */
  public record Plan(
      int failures,
      int code,
      String codeName,
      int hangs,
      long delayMillis,
      ExitPoint exitAt,
      int exitAfter) {

    /** No fault. */
    public static final Plan NONE = new Plan(0, 243, "NOT_ENOUGH_SPACE", 0, 0, null, 0);
  }

  /** Replaces the plan. Inserts that hang go on. */
  public synchronized void set(Plan next) {
    plan = next;
    generation++;
    notifyAll();
  }

  /** Returns what is left of the plan. */
  public synchronized Plan plan() {
    return plan;
  }

  /** Returns how many inserts hang now. */
  public synchronized int hanging() {
    return hanging;
  }

  /** Lets inserts that hang fail, as the server is stopping. */
  public synchronized void close() {
    closed = true;
    plan = Plan.NONE;
    notifyAll();
  }

  /**
   * Called before the engine hears of an insert.
   *
   * @throws EngineException when this insert is to fail, or hung until the server stopped
   */
  public void beforeEngine() throws EngineException {
    long delayMillis;
    synchronized (this) {
      delayMillis = plan.delayMillis();
      if (plan.failures() > 0) {
        Plan failing = plan;
        plan = with(plan.failures() - 1, plan.hangs(), plan.exitAfter());
        throw EngineException.of(failing.code(), failing.codeName(), "Injected fault");
      }
      if (plan.hangs() > 0) {
        plan = with(0, plan.hangs() - 1, plan.exitAfter());
        hang();
      }
    }
    if (delayMillis > 0) {
      try {
        Thread.sleep(delayMillis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw EngineException.shuttingDown();
      }
    }
  }

  /** Waits until the next {@link #set} or {@link #close}. */
  private void hang() throws EngineException {
    long mine = generation;
    hanging++;
    try {
      while (!closed && generation == mine) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw EngineException.shuttingDown();
    } finally {
      hanging--;
    }
    if (closed) {
      throw EngineException.shuttingDown();
    }
  }

  /** Called when the engine has an insert's data and before it is told that this was all. */
  public void beforeCommit() {
    exitIfDue(ExitPoint.BEFORE_COMMIT);
  }

  /** Called when the engine has stored an insert and before the client is answered. */
  public void afterCommit() {
    exitIfDue(ExitPoint.AFTER_COMMIT);
  }

  private synchronized void exitIfDue(ExitPoint point) {
    if (plan.exitAt() != point) {
      return;
    }
    if (plan.exitAfter() > 0) {
      plan = with(plan.failures(), plan.hangs(), plan.exitAfter() - 1);
      return;
    }
    hardExit.run();
  }

  private Plan with(int failures, int hangs, int exitAfter) {
    return new Plan(
        failures,
        plan.code(),
        plan.codeName(),
        hangs,
        plan.delayMillis(),
        plan.exitAt(),
        exitAfter);
  }
}
