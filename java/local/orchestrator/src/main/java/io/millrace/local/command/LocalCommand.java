package io.millrace.local.command;

import io.millrace.events.domain.InvalidDomainException;
import io.millrace.local.RunFailedException;
import io.millrace.local.UsageException;
import io.millrace.local.console.Console;
import io.millrace.local.pipeline.Installation;
import io.millrace.local.pipeline.RunOptions;
import io.millrace.local.pipeline.RunReport;
import io.millrace.local.pipeline.RunSession;
import io.millrace.local.process.Ports;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
      "A ClickHouse at a URL is used as the user in CLICKHOUSE_USER with the password in",
      "CLICKHOUSE_PASSWORD.",
      "Exit code: 0 the audit passed, 1 it failed or the run did, 2 bad usage.",
      "",
      "Example:",
      "  millrace local --rate 50000 --duration 2m --report report.json"
    })
public final class LocalCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private RunFlags flags;

  @Option(
      names = "--console-port",
      defaultValue = "8090",
      description = "Of the live page; the next free one is taken. Default: ${DEFAULT-VALUE}.")
  private int consolePort;

  @Override
  public Integer call() throws InterruptedException {
    final PrintWriter err = spec.commandLine().getErr();
    try {
      final Installation installation = Installation.ofLauncher();
      final RunOptions options = flags.options(installation);
      try (Console console = new Console(new Ports().next(consolePort))) {
        final RunReport result = run(installation, options, console, new Progress(err));
        Summary.print(result, options.report(), spec.commandLine().getOut());
        return result.passed() ? ExitCode.OK : ExitCode.SOFTWARE;
      } catch (IOException e) {
        throw new RunFailedException("The console cannot be served: " + e.getMessage(), e);
      }
    } catch (UsageException | InvalidDomainException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    } catch (RunFailedException e) {
      err.println(e.getMessage());
      return ExitCode.SOFTWARE;
    }
  }

  private static RunReport run(
      final Installation installation,
      final RunOptions options,
      final Console console,
      final Progress progress)
      throws InterruptedException {
    progress.endpoint("console", console.url());
    try {
      final RunReport result =
          new RunSession(installation, options, new Audience(List.of(progress, console))).run();
      console.verdict(result);
      return result;
    } catch (RunFailedException e) {
      console.failed(e.getMessage());
      throw e;
    }
  }
}
