package io.millrace.local.clickhouse;

import io.millrace.local.clickhouse.engine.Engine;
import io.millrace.local.clickhouse.engine.EngineException;
import io.millrace.local.clickhouse.faults.InsertFaults;
import io.millrace.local.clickhouse.http.Admission;
import io.millrace.local.clickhouse.http.ClickHouseHttpServer;
import io.millrace.local.clickhouse.http.Sessions;
import java.time.Duration;

/**
 * Stops the server in bounded time, about 8 seconds: no new statements, a moment for those that
 * run, then they are killed. The engine is closed only when nothing runs in it; otherwise the
 * process just ends, which loses no row that was acknowledged.
 */
final class Shutdown {

  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final Duration KILL_INTERVAL = Duration.ofMillis(250);
  private static final int ATTEMPTS_WITH_REPLY = 8;
  private static final int ATTEMPTS_WITHOUT_REPLY = 16;

  private final ClickHouseHttpServer http;
  private final Engine engine;
  private final Sessions sessions;
  private final Admission admission;
  private final InsertFaults faults;
  private boolean done;
  private boolean clean;

  Shutdown(
      ClickHouseHttpServer http,
      Engine engine,
      Sessions sessions,
      Admission admission,
      InsertFaults faults) {
    this.sessions = sessions;
    this.http = http;
    this.engine = engine;
    this.admission = admission;
    this.faults = faults;
  }

  /** Stops everything, once; returns whether the engine could be closed. */
  synchronized boolean run() {
    if (!done) {
      done = true;
      clean = stop();
    }
    return clean;
  }

  private boolean stop() {
    admission.close();
    faults.close();
    boolean idle =
        admission.awaitIdle(GRACE)
            // killed statements still tell their clients so
            || killUntilIdle(ATTEMPTS_WITH_REPLY);
    // frees the statements that wait for a client to read its result
    http.stop();
    if (!idle && !killUntilIdle(ATTEMPTS_WITHOUT_REPLY)) {
      System.err.println("Some statements did not stop; the process ends without them.");
      return false;
    }
    sessions.close();
    engine.close();
    return true;
  }

  private boolean killUntilIdle(int attempts) {
    for (int attempt = 0; attempt < attempts; attempt++) {
      try {
        // again and again: a statement may start its query after the last call
        engine.killQueries();
      } catch (EngineException e) {
        System.err.println("Cannot kill the running queries: " + e.getMessage());
      }
      if (admission.awaitIdle(KILL_INTERVAL)) {
        return true;
      }
    }
    return false;
  }
}
