package io.millrace.clickhouse;

import io.millrace.clickhouse.ServerState.ExistingColumn;
import io.millrace.clickhouse.ServerState.ExistingTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what the servers of a layout have of a database: all of a cluster, or the one. */
final class ServerStateReader {

  private final Connection connection;
  private final Layout layout;

  ServerStateReader(final Connection connection, final Layout layout) {
    this.connection = connection;
    this.layout = layout;
  }

  List<ServerState> read(final String database) throws SQLException {
    final Set<String> withDatabase = serversWithDatabase(database);
    final Map<String, Map<String, ExistingTable>> tables = tables(database);
    fillColumns(database, tables);
    fillProjections(database, tables);
    final List<ServerState> states = new ArrayList<>();
    for (String server : servers()) {
      states.add(
          new ServerState(
              server, withDatabase.contains(server), tables.getOrDefault(server, Map.of())));
    }
    return states;
  }

  private String from(final String systemTable) {
    return layout instanceof Layout.Replicated replicated
        ? " FROM clusterAllReplicas('" + replicated.cluster() + "', system." + systemTable + ")"
        : " FROM system." + systemTable;
  }

  private List<String> servers() throws SQLException {
    final List<String> servers = new ArrayList<>();
    try (PreparedStatement query =
            connection.prepareStatement(
                "SELECT hostName() AS server" + from("one") + " ORDER BY server");
        ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        servers.add(rows.getString(1));
      }
    }
    return servers;
  }

  private Set<String> serversWithDatabase(final String database) throws SQLException {
    final Set<String> servers = new HashSet<>();
    try (PreparedStatement query =
        connection.prepareStatement("SELECT hostName()" + from("databases") + " WHERE name = ?")) {
      query.setString(1, database);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          servers.add(rows.getString(1));
        }
      }
    }
    return servers;
  }

  private Map<String, Map<String, ExistingTable>> tables(final String database)
      throws SQLException {
    final Map<String, Map<String, ExistingTable>> tables = new HashMap<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT hostName(), name, engine, engine_full, partition_key, sorting_key"
                + from("tables")
                + " WHERE database = ?")) {
      query.setString(1, database);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          tables
              .computeIfAbsent(rows.getString(1), server -> new HashMap<>())
              .put(
                  rows.getString(2),
                  new ExistingTable(
                      rows.getString(3),
                      rows.getString(4),
                      rows.getString(5),
                      rows.getString(6),
                      new LinkedHashMap<>(),
                      new HashMap<>()));
        }
      }
    }
    return tables;
  }

  private void fillColumns(
      final String database, final Map<String, Map<String, ExistingTable>> tables)
      throws SQLException {
    fill(
        "SELECT hostName(), table, name, type, default_kind, default_expression, comment"
            + from("columns")
            + " WHERE database = ? ORDER BY position",
        database,
        tables,
        (table, row) ->
            table
                .columns()
                .put(
                    row.getString(3),
                    new ExistingColumn(
                        row.getString(4), row.getString(5), row.getString(6), row.getString(7))));
  }

  private void fillProjections(
      final String database, final Map<String, Map<String, ExistingTable>> tables)
      throws SQLException {
    fill(
        "SELECT hostName(), table, name, query" + from("projections") + " WHERE database = ?",
        database,
        tables,
        (table, row) ->
            table
                .projections()
                .put(row.getString(3), new Projection(row.getString(3), row.getString(4))));
  }

  /** Adds what a row says to the table that it belongs to. */
  @FunctionalInterface
  private interface Detail {
    void add(ExistingTable table, ResultSet row) throws SQLException;
  }

  /**
   * @param sql whose rows begin with a server and a table, and which asks for the database
   */
  private void fill(
      final String sql,
      final String database,
      final Map<String, Map<String, ExistingTable>> tables,
      final Detail detail)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, database);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          final ExistingTable table =
              tables.getOrDefault(rows.getString(1), Map.of()).get(rows.getString(2));
          if (table != null) {
            detail.add(table, rows);
          }
        }
      }
    }
  }
}
