package io.millrace.local.command;

import io.millrace.events.domain.InvalidDomainException;
import io.millrace.local.RunFailedException;
import io.millrace.local.UsageException;
import io.millrace.local.panels.PanelsLoad;
import io.millrace.local.pipeline.Installation;
import io.millrace.local.pipeline.RunOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace panels}. */
@Command(
    name = "panels",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Runs the pipeline on this machine, lets a Prometheus scrape it, and asks every query of"
            + " every dashboard panel and alert: each returns data, or"
            + " dashboards/expected-empty.yaml says why not.",
    footer = {
      "",
      "Exit code: 0 every query and the audit passed, 1 something failed, 2 bad usage.",
      "",
      "Example:",
      "  millrace panels --rate 5000 --sources 5000"
    })
public final class PanelsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--prometheus",
      defaultValue = "prometheus",
      paramLabel = "FILE",
      description = "The Prometheus server's program. Default: ${DEFAULT-VALUE}, on the PATH.")
  private String prometheus;

  @Mixin private RunFlags flags;

  @Override
  public Integer call() throws InterruptedException {
    final PrintWriter err = spec.commandLine().getErr();
    final PrintWriter out = spec.commandLine().getOut();
    try {
      final Installation installation = Installation.ofLauncher();
      final RunOptions options = flags.options(installation);
      final PanelsLoad load = new PanelsLoad(prometheus, installation.home());
      final boolean passed =
          WatchedRun.of(
              installation,
              options,
              load,
              result -> {
                load.print(out);
                Summary.print(result, options, out);
                return load.isGood() && result.passed();
              },
              flags.consolePort(),
              err);
      return passed ? ExitCode.OK : ExitCode.SOFTWARE;
    } catch (UsageException | InvalidDomainException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    } catch (RunFailedException e) {
      err.println(e.getMessage());
      return ExitCode.SOFTWARE;
    } catch (IOException e) {
      err.println("The dashboards or rules cannot be read: " + e.getMessage());
      return ExitCode.SOFTWARE;
    }
  }
}
