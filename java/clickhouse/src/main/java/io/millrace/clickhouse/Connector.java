package io.millrace.clickhouse;

import java.sql.Connection;
import java.sql.SQLException;

/** Opens connections to one server; thread-safe. */
@FunctionalInterface
public interface Connector {

  /** A new connection, which the caller closes. */
  Connection connect() throws SQLException;
}
