package io.millrace.clickhouse.command;

import io.millrace.clickhouse.AggregateTable;
import io.millrace.clickhouse.Layout;
import io.millrace.clickhouse.SchemaMigration;
import io.millrace.clickhouse.SchemaPlan;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace schema apply}. */
@Command(
    name = "apply",
    description =
        "Creates missing tables and adds missing columns; a second time it does nothing. Refuses,"
            + " without changing anything, what would destroy or rewrite stored values.")
final class SchemaApply implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private TablesOption tables;
  @Mixin private ServerOption server;

  @Override
  public Integer call() throws InterruptedException {
    final List<AggregateTable> wanted = tables.tables();
    final Layout layout = tables.layout();
    return server.connected(connection -> apply(new SchemaMigration(connection, layout), wanted));
  }

  private int apply(final SchemaMigration migration, final List<AggregateTable> wanted)
      throws SQLException {
    final List<SchemaPlan> plans = new ArrayList<>();
    for (AggregateTable table : wanted) {
      plans.add(migration.plan(table));
    }
    final List<String> refusals = plans.stream().flatMap(p -> p.refusals().stream()).toList();
    if (!refusals.isEmpty()) {
      refusals.forEach(spec.commandLine().getErr()::println);
      return 1;
    }
    final PrintWriter out = spec.commandLine().getOut();
    for (int i = 0; i < plans.size(); i++) {
      migration.apply(plans.get(i));
      out.printf(
          "%s: %s%n",
          wanted.get(i).qualifiedName(),
          plans.get(i).isEmpty()
              ? "up to date"
              : "executed statements: " + plans.get(i).statements().size());
    }
    out.flush();
    return 0;
  }
}
