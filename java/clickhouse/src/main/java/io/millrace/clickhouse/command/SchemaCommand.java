package io.millrace.clickhouse.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code millrace schema}. */
@Command(
    name = "schema",
    description = "The ClickHouse tables of the domains.",
    subcommands = {SchemaApply.class, SchemaPrint.class, SchemaDiff.class},
    footer = {
      "",
      "The ClickHouse password is taken from the environment variable CLICKHOUSE_PASSWORD.",
      "Exit code: 0 success, 1 refused or failed, 2 bad usage.",
      "",
      "Example:",
      "  millrace schema apply --url jdbc:clickhouse://127.0.0.1:8123 --domain iot"
    })
public final class SchemaCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this text.")
  private boolean helpRequested;

  /** Runs this command as its own process. */
  public static void main(final String[] args) {
    System.exit(
        new CommandLine(new SchemaCommand())
            .setParameterExceptionHandler(
                (error, arguments) -> {
                  error.getCommandLine().getErr().println(error.getMessage());
                  return CommandLine.ExitCode.USAGE;
                })
            .execute(args));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Say what to do with the schema: apply, print or diff");
  }
}
