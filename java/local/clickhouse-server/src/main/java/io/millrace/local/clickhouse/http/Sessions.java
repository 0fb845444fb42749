package io.millrace.local.clickhouse.http;

import io.millrace.local.clickhouse.engine.Engine;
import io.millrace.local.clickhouse.engine.EngineConnection;
import io.millrace.local.clickhouse.engine.EngineException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The connections that requests with the same {@code session_id} share, with their temporary
 * tables, {@code SET} and {@code USE}. A session runs one statement at a time; others wait for
 * their turn. It ends when it was not used for its timeout, at the next request of any session.
 * Thread-safe.
 */
public final class Sessions {

  private static final int SESSION_NOT_FOUND = 372;
  private static final int SESSION_IS_LOCKED = 373;

  private final Engine engine;
  private final int limit;
  private final Duration patience;
  private final Map<String, Session> sessions = new HashMap<>();

  /**
   * Makes the sessions of a server.
   *
   * @param limit sessions at once
   * @param patience how long a request waits for its turn in its session
   */
  public Sessions(Engine engine, int limit, Duration patience) {
    this.engine = engine;
    this.limit = limit;
    this.patience = patience;
  }

  /** A session, held by one request. */
  final class Session implements AutoCloseable {

    private final String id;
    private final EngineConnection connection;
    private final ReentrantLock turn = new ReentrantLock(true);
    private int holders;
    private Duration timeout;
    private long idleSince;

    private Session(String id, EngineConnection connection) {
      this.id = id;
      this.connection = connection;
    }

    EngineConnection connection() {
      return connection;
    }

    private boolean hasExpired(long now) {
      return holders == 0 && now - idleSince > timeout.toNanos();
    }

    /** Gives the turn to the next request. */
    @Override
    public void close() {
      turn.unlock();
      release(this);
    }
  }

  /**
   * Waits for the turn in a session, which is made when there is none of this name.
   *
   * @param mustExist {@code session_check=1}: refused with code 372 when there is none
   * @throws EngineException with code 373 when another statement holds it too long, 202 when there
   *     are too many sessions
   */
  Session enter(String id, Duration timeout, boolean mustExist) throws EngineException {
    Session session = claim(id, timeout, mustExist);
    boolean entered = false;
    try {
      entered = session.turn.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw EngineException.shuttingDown();
    } finally {
      if (!entered) {
        release(session);
      }
    }
    if (!entered) {
      throw EngineException.of(
          SESSION_IS_LOCKED,
          "SESSION_IS_LOCKED",
          "Session " + id + " is locked by another statement");
    }
    return session;
  }

  private synchronized void release(Session session) {
    session.holders--;
    session.idleSince = System.nanoTime();
  }

  private synchronized Session claim(String id, Duration timeout, boolean mustExist)
      throws EngineException {
    endExpired();
    Session session = sessions.get(id);
    if (session == null) {
      if (mustExist) {
        throw EngineException.of(
            SESSION_NOT_FOUND, "SESSION_NOT_FOUND", "Session " + id + " does not exist");
      }
      if (sessions.size() >= limit) {
        throw EngineException.of(
            EngineException.TOO_MANY_SIMULTANEOUS_QUERIES,
            "TOO_MANY_SIMULTANEOUS_QUERIES",
            "Too many sessions. Maximum: " + limit + "; one ends when its session_timeout is over");
      }
      session = new Session(id, engine.connect());
      sessions.put(id, session);
    }
    session.holders++;
    session.timeout = timeout;
    return session;
  }

  /** Makes the next request of this name begin with a new session. */
  synchronized void forget(Session session) {
    sessions.remove(session.id, session);
  }

  private void endExpired() {
    long now = System.nanoTime();
    for (Iterator<Session> all = sessions.values().iterator(); all.hasNext(); ) {
      Session session = all.next();
      if (session.hasExpired(now)) {
        all.remove();
        session.connection.close();
      }
    }
  }

  /** Ends every session; for use when no statement runs. */
  public synchronized void close() {
    sessions.values().forEach(session -> session.connection.close());
    sessions.clear();
  }
}
