package io.millrace.bench.command;

import io.millrace.bench.BenchContext;
import io.millrace.bench.BenchResult;
import io.millrace.bench.Benchmark;
import io.millrace.bench.Benchmarks;
import io.millrace.bench.report.BenchReport;
import io.millrace.bench.report.MachineFacts;
import io.millrace.local.RunFailedException;
import io.millrace.local.UsageException;
import io.millrace.local.command.ReportFile;
import io.millrace.local.pipeline.Installation;
import io.millrace.local.pipeline.RunHold;
import io.millrace.local.process.Ports;
import io.millrace.local.rest.JsonHttp;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace bench}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Measures this machine: ours beside the usual way and beside the limit, in turns, on the"
            + " same data.",
    footer = {
      "",
      "A rate below its target is no failure. Other work on the machine spoils the figures.",
      "Exit code: 0 measured, 1 something that was measured did not work, 2 bad usage.",
      "",
      "Example:",
      "  millrace bench flink --report flink.json"
    })
public final class BenchCommand implements Callable<Integer> {

  private static final String ALL = "all";
  private static final int MAX_ROUNDS = 100;

  /** The names that can be written, for the help. */
  static final class Names implements Iterable<String> {

    @Override
    public Iterator<String> iterator() {
      return Stream.concat(Benchmarks.all().stream().map(Benchmark::name), Stream.of(ALL))
          .iterator();
    }
  }

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "BENCHMARK",
      completionCandidates = Names.class,
      description = "${COMPLETION-CANDIDATES}.")
  private String benchmark;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "Measurements of each contestant. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(names = "--report", paramLabel = "FILE", description = "JSON report.")
  private Path report;

  @Option(
      names = "--plots",
      paramLabel = "DIRECTORY",
      description = "Where plots go as SVG; scaling draws some.")
  private Path plots;

  @Option(names = "--keep", description = "Keep the data and the logs.")
  private boolean keep;

  @Override
  public Integer call() throws InterruptedException {
    final PrintWriter err = spec.commandLine().getErr();
    try {
      final List<Benchmark> chosen = chosen();
      requireRounds();
      requirePlots();
      final Path file = report == null ? null : ReportFile.writable(report);
      final Installation installation = Installation.ofLauncher();
      final BenchReport results = new BenchReport();
      boolean passed = true;
      for (final Benchmark one : chosen) {
        passed &= measured(one, installation, results);
        if (file != null) {
          // what there is survives whatever happens to the next one
          results.writeTo(file);
        }
      }
      return passed ? ExitCode.OK : ExitCode.SOFTWARE;
    } catch (UsageException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    } catch (IOException e) {
      err.println("The report cannot be written: " + e.getMessage());
      return ExitCode.SOFTWARE;
    }
  }

  private List<Benchmark> chosen() {
    if (benchmark.equals(ALL)) {
      return Benchmarks.all();
    }
    return List.of(
        Benchmarks.named(benchmark)
            .orElseThrow(
                () ->
                    new UsageException(
                        "There is no benchmark '%s'; write one of %s."
                            .formatted(benchmark, String.join(", ", new Names())))));
  }

  private void requireRounds() {
    if (rounds < 1 || rounds > MAX_ROUNDS) {
      throw new UsageException(
          "--rounds is " + rounds + "; it must be from 1 to " + MAX_ROUNDS + ".");
    }
  }

  private void requirePlots() {
    if (plots != null && !(Files.isDirectory(plots) && Files.isWritable(plots))) {
      throw new UsageException(
          "--plots is '" + plots + "', which cannot be written to; name a folder that exists.");
    }
  }

  private boolean measured(
      final Benchmark one, final Installation installation, final BenchReport results)
      throws IOException, InterruptedException {
    final PrintWriter err = spec.commandLine().getErr();
    final MachineFacts machine = MachineFacts.collect();
    err.printf("%s: %s%n", one.name(), one.purpose());
    err.flush();
    try {
      final BenchResult result =
          new RunHold(installation, keep, false)
              .during(
                  (supervisor, run) ->
                      one.run(
                          new BenchContext(
                              installation,
                              supervisor,
                              run,
                              new Ports(),
                              new JsonHttp(),
                              rounds,
                              err)),
                  BenchResult::passed);
      results.add(one.name(), result, machine);
      result.table().print(spec.commandLine().getOut());
      if (plots != null) {
        result.draw(plots);
      }
      return result.passed();
    } catch (RunFailedException e) {
      err.println(e.getMessage());
      return false;
    }
  }
}
