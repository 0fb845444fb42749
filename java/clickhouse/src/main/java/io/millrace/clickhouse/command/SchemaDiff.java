package io.millrace.clickhouse.command;

import io.millrace.clickhouse.AggregateTable;
import io.millrace.clickhouse.Layout;
import io.millrace.clickhouse.SchemaMigration;
import io.millrace.clickhouse.SchemaPlan;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace schema diff}. */
@Command(
    name = "diff",
    description =
        "Prints the statements that 'apply' would execute, nothing if there are none; exits with 1"
            + " if it would refuse.")
final class SchemaDiff implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private TablesOption tables;
  @Mixin private ServerOption server;

  @Override
  public Integer call() throws InterruptedException {
    final List<AggregateTable> wanted = tables.tables();
    final Layout layout = tables.layout();
    return server.connected(connection -> diff(new SchemaMigration(connection, layout), wanted));
  }

  private int diff(final SchemaMigration migration, final List<AggregateTable> wanted)
      throws SQLException {
    final PrintWriter out = spec.commandLine().getOut();
    int exitCode = 0;
    for (AggregateTable table : wanted) {
      final SchemaPlan plan = migration.plan(table);
      plan.statements().forEach(statement -> out.println(statement + ";"));
      if (!plan.refusals().isEmpty()) {
        plan.refusals().forEach(spec.commandLine().getErr()::println);
        exitCode = 1;
      }
    }
    out.flush();
    return exitCode;
  }
}
