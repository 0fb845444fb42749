package io.millrace.flink.sink;

import com.clickhouse.jdbc.StatementImpl;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JDBC driver that keeps rows in this JVM and does with deduplication tokens what ClickHouse
 * does: a second insert with a known token is accepted and dropped. Failures can be ordered, before
 * or after the rows are in.
 */
public final class FakeClickHouse implements Driver, AutoCloseable {

  private static final Pattern TOKEN = Pattern.compile("insert_deduplication_token = '([^']+)'");

  private final String url;
  private final List<Object[]> rows = new ArrayList<>();
  private final Set<String> tokens = new HashSet<>();
  private final Deque<Failure> failures = new ArrayDeque<>();
  private final List<String> inserts = new ArrayList<>();

  /** A failure to come: the rows may be in by then, which the client cannot know. */
  public record Failure(boolean afterStoring, int errorCode) {}

  public FakeClickHouse(final String name) throws SQLException {
    url = "jdbc:clickhouse:fake:" + name;
    DriverManager.registerDriver(this);
  }

  public String url() {
    return url;
  }

  public synchronized void failNext(final boolean afterStoring, final int errorCode) {
    failures.add(new Failure(afterStoring, errorCode));
  }

  /** Copies of the rows, each an array of the values of its columns. */
  public synchronized List<Object[]> rows() {
    return List.copyOf(rows);
  }

  public synchronized int inserts() {
    return inserts.size();
  }

  /** The statements of all inserts. */
  public synchronized List<String> insertStatements() {
    return List.copyOf(inserts);
  }

  private synchronized void insert(final String sql, final List<Object[]> batch)
      throws SQLException {
    inserts.add(sql);
    final Matcher token = TOKEN.matcher(sql);
    if (!token.find()) {
      throw new SQLException("An insert without a token: " + sql);
    }
    final Failure failure = failures.poll();
    if (failure == null || failure.afterStoring()) {
      if (tokens.add(token.group(1))) {
        rows.addAll(batch);
      }
    }
    if (failure != null) {
      throw new SQLException("ordered failure", "", failure.errorCode());
    }
  }

  @Override
  public Connection connect(final String requested, final Properties info) {
    if (!acceptsURL(requested)) {
      return null;
    }
    return proxy(
        Connection.class,
        (connection, method, args) ->
            switch (method.getName()) {
              case "prepareStatement" -> statement((String) args[0]);
              case "createStatement" -> query();
              default -> null;
            });
  }

  /** Answers for the newest window, or with source and window of every row. */
  private Statement query() {
    return proxy(
        Statement.class,
        (statement, method, args) ->
            method.getName().equals("executeQuery") ? answer((String) args[0]) : null);
  }

  private synchronized ResultSet answer(final String sql) {
    final List<Object[]> answer = new ArrayList<>();
    if (sql.contains("max(")) {
      answer.add(
          new Object[] {null, rows.stream().mapToLong(row -> (Long) row[2]).max().orElse(0)});
    } else {
      answer.addAll(rows);
    }
    final Iterator<Object[]> left = answer.iterator();
    final Object[][] current = new Object[1][];
    return proxy(
        ResultSet.class,
        (result, method, args) ->
            switch (method.getName()) {
              case "next" -> {
                current[0] = left.hasNext() ? left.next() : null;
                yield current[0] != null;
              }
              case "getString", "getLong" -> current[0][(int) args[0]];
              default -> null;
            });
  }

  /** Removes rows, and forgets that they were ever inserted. */
  public synchronized void remove(final Predicate<Object[]> doomed) {
    rows.removeIf(doomed);
    forgetTokens();
  }

  /** Forgets the tokens, as a server does after a while. */
  public synchronized void forgetTokens() {
    tokens.clear();
  }

  private PreparedStatement statement(final String sql) {
    final List<Object[]> batch = new ArrayList<>();
    final Object[] current = new Object[200];
    // on at first, as in the real driver, which rewrites bound texts too
    final AtomicBoolean escapes = new AtomicBoolean(true);
    return proxy(
        PreparedStatement.class,
        (statement, method, args) -> {
          switch (method.getName()) {
            case "setEscapeProcessing" -> escapes.set((boolean) args[0]);
            case "addBatch" -> batch.add(current.clone());
            case "executeBatch" -> {
              if (escapes.get()) {
                batch.forEach(FakeClickHouse::rewriteTexts);
              }
              insert(sql, batch);
              return new int[batch.size()];
            }
            default -> {
              if (method.getName().startsWith("set")) {
                current[(int) args[0]] = args[1];
              }
            }
          }
          return null;
        });
  }

  private static void rewriteTexts(final Object[] row) {
    for (int i = 0; i < row.length; i++) {
      if (row[i] instanceof String text) {
        row[i] = StatementImpl.escapedSQLToNative(text);
      }
    }
  }

  private static <T> T proxy(final Class<T> type, final InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  @Override
  public boolean acceptsURL(final String requested) {
    return url.equals(requested);
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(final String requested, final Properties info) {
    return new DriverPropertyInfo[0];
  }

  @Override
  public int getMajorVersion() {
    return 1;
  }

  @Override
  public int getMinorVersion() {
    return 0;
  }

  @Override
  public boolean jdbcCompliant() {
    return false;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public void close() throws SQLException {
    DriverManager.deregisterDriver(this);
  }
}
