package io.millrace.clickhouse;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Leads the tables of a domain to the state that the domain describes. On a cluster every replica
 * is looked at, so that a statement that reached only some of them is completed. Not thread-safe,
 * as connections are not.
 */
public final class SchemaMigration {

  private final Connection connection;
  private final Layout layout;

  /**
   * @param connection to the server, or to any server of the cluster
   */
  public SchemaMigration(final Connection connection, final Layout layout) {
    this.connection = connection;
    this.layout = layout;
  }

  /** What is to be done; changes nothing. */
  public SchemaPlan plan(final AggregateTable table) throws SQLException {
    return SchemaPlan.of(
        TableDefinition.of(table, layout),
        new ServerStateReader(connection, layout).read(table.database()));
  }

  /**
   * Executes a plan.
   *
   * @throws IllegalArgumentException if the plan has refusals
   */
  public void apply(final SchemaPlan plan) throws SQLException {
    if (!plan.refusals().isEmpty()) {
      throw new IllegalArgumentException(String.join(" ", plan.refusals()));
    }
    execute(plan.statements());
  }

  private void execute(final List<String> statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // a unit or a format may have what JDBC would rewrite
      statement.setEscapeProcessing(false);
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
