package io.millrace.local.clickhouse.http;

import io.millrace.local.clickhouse.engine.Engine;
import io.millrace.local.clickhouse.engine.EngineConnection;
import io.millrace.local.clickhouse.engine.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The connection that a request runs on, with the request's database and settings: one of its own,
 * or that of its session, which gets back what the request changed by its address.
 */
final class RequestConnection implements AutoCloseable {

  private static final Pattern SETTING_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*");
  private static final String READONLY = "readonly";

  private final EngineConnection connection;
  private final Optional<Sessions.Session> session;
  private final Sessions sessions;
  private final List<String> backAgain = new ArrayList<>();
  private String database;

  private RequestConnection(
      EngineConnection connection, Optional<Sessions.Session> session, Sessions sessions) {
    this.connection = connection;
    this.session = session;
    this.sessions = sessions;
  }

  /**
   * Opens it.
   *
   * @param readOnly the request must not change anything
   */
  static RequestConnection open(
      Engine engine, Sessions sessions, RequestParameters request, boolean readOnly)
      throws EngineException {
    if (readOnly && request.settings().containsKey(READONLY)) {
      throw EngineException.of(
          EngineException.READONLY,
          "READONLY",
          "Cannot modify 'readonly' by GET, which only reads: use POST");
    }
    RequestConnection opened;
    if (request.sessionId() == null) {
      opened = new RequestConnection(engine.connect(), Optional.empty(), sessions);
    } else {
      Sessions.Session session =
          sessions.enter(request.sessionId(), request.sessionTimeout(), request.sessionMustExist());
      opened = new RequestConnection(session.connection(), Optional.of(session), sessions);
    }
    boolean configured = false;
    try {
      opened.configure(request, readOnly);
      configured = true;
      return opened;
    } finally {
      if (!configured) {
        opened.close();
      }
    }
  }

  EngineConnection connection() {
    return connection;
  }

  private void configure(RequestParameters request, boolean readOnly) throws EngineException {
    Map<String, String> settings = request.settings();
    for (String name : settings.keySet()) {
      if (!SETTING_NAME.matcher(name).matches()) {
        throw EngineException.of(115, "UNKNOWN_SETTING", "Unknown setting '" + name + "'");
      }
    }
    if (session.isPresent()) {
      remember(request);
    }
    if (request.database() != null) {
      connection.execute(use(escaped(request.database(), '`')));
    }
    if (!settings.isEmpty()) {
      connection.execute(
          settings.entrySet().stream()
              .map(s -> s.getKey() + " = '" + escaped(s.getValue(), '\'') + "'")
              .collect(Collectors.joining(", ", "SET ", "")));
    }
    if (readOnly && session.isEmpty()) {
      // as ClickHouse; a session could not be told to write again, and its statement is looked at
      connection.execute("SET readonly = 2");
    }
  }

  private void remember(RequestParameters request) throws EngineException {
    if (request.database() != null) {
      database = request.database();
      backAgain.add(use(connection.execute("SELECT currentDatabase()").strip()));
    }
    if (request.settings().containsKey(READONLY)) {
      throw EngineException.of(
          EngineException.NOT_IMPLEMENTED,
          "NOT_IMPLEMENTED",
          "The parameter readonly cannot be combined with session_id: send SET readonly");
    }
    if (!request.settings().isEmpty()) {
      String names =
          request.settings().keySet().stream()
              .map(name -> "'" + name + "'")
              .collect(Collectors.joining(", "));
      // the names come back in the engine's escaping, which is that of its literals
      connection
          .execute("SELECT name, value, changed FROM system.settings WHERE name IN (" + names + ")")
          .lines()
          .map(line -> line.split("\t", -1))
          .forEach(
              s ->
                  backAgain.add(
                      "SET " + s[0] + " = " + (s[2].equals("1") ? "'" + s[1] + "'" : "DEFAULT")));
    }
  }

  private static String use(String escapedName) {
    return "USE `" + escapedName + "`";
  }

  private static String escaped(String text, char quote) {
    return text.replace("\\", "\\\\").replace(String.valueOf(quote), "\\" + quote);
  }

  /** Ends the connection, or gives the session its own state and its turn back. */
  @Override
  public void close() {
    if (session.isEmpty()) {
      connection.close();
      return;
    }
    try {
      // a USE in the statement itself stays
      boolean moved =
          database != null
              && !connection
                  .execute("SELECT currentDatabase() FORMAT TSVRaw")
                  .strip()
                  .equals(database);
      for (String statement : backAgain) {
        if (!moved || !statement.startsWith("USE ")) {
          connection.execute(statement);
        }
      }
    } catch (EngineException e) {
      System.err.println("A session cannot be continued: " + e.getMessage());
      sessions.forget(session.get());
    } finally {
      session.get().close();
    }
  }
}
