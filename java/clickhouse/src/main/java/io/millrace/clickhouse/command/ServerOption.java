package io.millrace.clickhouse.command;

import io.millrace.clickhouse.Connector;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which server, and as whom. */
final class ServerOption {

  /** Work to be done with a connection; returns an exit code. */
  interface Task {
    int run(Connection connection) throws SQLException, InterruptedException;
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--url",
      required = true,
      description = "jdbc:clickhouse://host:port or jdbc:ch://host:port.")
  private String url;

  @Option(names = "--user", defaultValue = "default", description = "Default: ${DEFAULT-VALUE}.")
  private String user;

  /** Runs the task; if the server cannot be used, says in one sentence why and returns 1. */
  int connected(final Task task) throws InterruptedException {
    try (Connection connection = connector().connect()) {
      return task.run(connection);
    } catch (SQLException e) {
      spec.commandLine()
          .getErr()
          .println("ClickHouse at " + url + " cannot be used: " + rootMessage(e));
      return 1;
    }
  }

  /** Opens further connections to the same server. */
  Connector connector() {
    if (!url.startsWith("jdbc:clickhouse:") && !url.startsWith("jdbc:ch:")) {
      throw new ParameterException(
          spec.commandLine(),
          "--url is '" + url + "'; it must begin with jdbc:clickhouse: or jdbc:ch:");
    }
    final Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", System.getenv().getOrDefault("CLICKHOUSE_PASSWORD", ""));
    return () -> DriverManager.getConnection(url, properties);
  }

  /** The innermost reason, in which the server speaks. */
  static String rootMessage(final SQLException exception) {
    Throwable cause = exception;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage().strip();
  }
}
