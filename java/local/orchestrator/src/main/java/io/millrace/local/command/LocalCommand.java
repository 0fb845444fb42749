package io.millrace.local.command;

import io.millrace.events.domain.InvalidDomainException;
import io.millrace.local.RunFailedException;
import io.millrace.local.UsageException;
import io.millrace.local.pipeline.Installation;
import io.millrace.local.pipeline.Load;
import io.millrace.local.pipeline.RunOptions;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace local}. */
@Command(
    name = "local",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Runs the whole pipeline on this machine, each part in its own process: a Pulsar broker,"
            + " ClickHouse, a Flink cluster and the producer. Then audits every message and"
            + " removes everything but the report.",
    footer = {
      "",
      "A ClickHouse at a URL is used as the user in CLICKHOUSE_USER, with the password",
      "in CLICKHOUSE_PASSWORD.",
      "Exit code: 0 the audit passed, 1 it failed or the run did, 2 bad usage.",
      "",
      "Example:",
      "  millrace local --rate 50000 --duration 2m --report report.json"
    })
public final class LocalCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private RunFlags flags;

  @Override
  public Integer call() throws InterruptedException {
    final PrintWriter err = spec.commandLine().getErr();
    try {
      final Installation installation = Installation.ofLauncher();
      final RunOptions options = flags.options(installation);
      final boolean passed =
          WatchedRun.of(
              installation,
              options,
              Load.lasting(options.duration()),
              result -> {
                Summary.print(result, options, spec.commandLine().getOut());
                return result.passed();
              },
              flags.consolePort(),
              err);
      return passed ? ExitCode.OK : ExitCode.SOFTWARE;
    } catch (UsageException | InvalidDomainException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    } catch (RunFailedException e) {
      err.println(e.getMessage());
      return ExitCode.SOFTWARE;
    }
  }
}
