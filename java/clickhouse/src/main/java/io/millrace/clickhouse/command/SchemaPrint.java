package io.millrace.clickhouse.command;

import io.millrace.clickhouse.AggregateTable;
import io.millrace.clickhouse.Layout;
import io.millrace.clickhouse.SchemaPlan;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace schema print}. */
@Command(
    name = "print",
    description = "Prints the statements that create the tables from nothing; needs no server.")
final class SchemaPrint implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private TablesOption tables;

  @Override
  public Integer call() {
    final Layout layout = tables.layout();
    final Set<String> statements = new LinkedHashSet<>();
    for (AggregateTable table : tables.tables()) {
      statements.addAll(SchemaPlan.create(table, layout));
    }
    final PrintWriter out = spec.commandLine().getOut();
    statements.forEach(statement -> out.println(statement + ";"));
    out.flush();
    return 0;
  }
}
