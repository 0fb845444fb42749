package io.millrace.cli;

import io.millrace.audit.command.AuditCommand;
import io.millrace.audit.command.RecomputeCommand;
import io.millrace.bench.command.BenchCommand;
import io.millrace.clickhouse.command.QueryBenchCommand;
import io.millrace.clickhouse.command.SchemaCommand;
import io.millrace.clickhouse.command.WriteCommand;
import io.millrace.deadletter.command.DeadLetterCommand;
import io.millrace.hooks.command.GuardCommand;
import io.millrace.hooks.command.TopicsCommand;
import io.millrace.local.command.ChaosCommand;
import io.millrace.local.command.LocalCommand;
import io.millrace.local.command.PanelsCommand;
import io.millrace.options.DurationConverter;
import io.millrace.platform.command.BootstrapCommand;
import io.millrace.platform.command.ClusterConfigCommand;
import io.millrace.platform.command.PlanCommand;
import io.millrace.platform.command.PromoteCommand;
import java.io.PrintWriter;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: every command of the project under one name. */
@Command(
    name = "millrace",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Exactly-once event streaming: Pulsar, Flink, ClickHouse, operated by Git.",
    footer = {
      "",
      "millrace COMMAND --help tells more.",
      "Exit codes: 0 success, 1 tried and failed, 2 bad usage."
    },
    subcommands = {
      DoctorCommand.class,
      LocalCommand.class,
      ChaosCommand.class,
      BenchCommand.class,
      PanelsCommand.class,
      AuditCommand.class,
      RecomputeCommand.class,
      DeadLetterCommand.class,
      SchemaCommand.class,
      WriteCommand.class,
      QueryBenchCommand.class,
      PlanCommand.class,
      PromoteCommand.class,
      BootstrapCommand.class,
      ClusterConfigCommand.class,
      TopicsCommand.class,
      GuardCommand.class
    })
public final class Millrace implements Runnable {

  @Spec private CommandSpec spec;

  private Millrace() {}

  public static void main(final String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    final CommandLine commands =
        new CommandLine(new Millrace())
            .setParameterExceptionHandler(Millrace::oneSentence)
            .registerConverter(Duration.class, new DurationConverter());
    sayVersion(commands, new BuildVersion());
    return commands;
  }

  private static void sayVersion(final CommandLine commands, final BuildVersion version) {
    commands.getCommandSpec().versionProvider(version);
    commands.getSubcommands().values().forEach(command -> sayVersion(command, version));
  }

  /** Without a command there is nothing to do. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Name a command; millrace --help lists them.");
  }

  private static int oneSentence(final ParameterException error, final String[] arguments) {
    final PrintWriter err = error.getCommandLine().getErr();
    err.println(error.getMessage());
    UnmatchedArgumentException.printSuggestions(error, err);
    return ExitCode.USAGE;
  }
}
