package io.millrace.local.command;

import io.millrace.events.domain.InvalidDomainException;
import io.millrace.local.RunFailedException;
import io.millrace.local.UsageException;
import io.millrace.local.chaos.ChaosLoad;
import io.millrace.local.chaos.ChaosPlan;
import io.millrace.local.chaos.ChaosReport;
import io.millrace.local.chaos.Fault;
import io.millrace.local.chaos.FaultTable;
import io.millrace.local.pipeline.ClickHouseChoice;
import io.millrace.local.pipeline.Installation;
import io.millrace.local.pipeline.JobSource;
import io.millrace.local.pipeline.Rig;
import io.millrace.local.pipeline.RunOptions;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace chaos}. */
@Command(
    name = "chaos",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Runs the pipeline on this machine while faults strike at random moments, one a round,"
            + " and then audits every message. The load lasts until the last round is over, and"
            + " --duration at least.",
    footer = {
      "",
      "Exit code: 0 the audit passed, 1 it failed or the run did, 2 bad usage.",
      "",
      "Example:",
      "  millrace chaos --rounds 10 --rate 5000 --seed 7 --report chaos.json"
    })
public final class ChaosCommand implements Callable<Integer> {

  /** After an outage one is back before another, as in a cluster. */
  private static final int USUAL_PRODUCERS = 2;

  /** More than the job's bound on disorder. */
  private static final Duration USUAL_SKEW = Duration.ofSeconds(2);

  @Spec private CommandSpec spec;

  @Option(
      names = "--rounds",
      defaultValue = "10",
      paramLabel = "N",
      description = "Faults, one after the other. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--faults",
      split = ",",
      paramLabel = "FAULT",
      completionCandidates = Labels.class,
      description = "Any of ${COMPLETION-CANDIDATES}. Default: all that this run can have.")
  private List<String> faults;

  @Option(
      names = "--bookies",
      defaultValue = "1",
      paramLabel = "N",
      description =
          "3 or more: the broker keeps three copies in bookies that are processes of their own,"
              + " beside a ZooKeeper, which kill-bookie, restart-zookeeper, slow-disk and"
              + " damage-entries need. 1: it has both within itself. Default: ${DEFAULT-VALUE}.")
  private int bookies;

  @Option(
      names = "--pause",
      defaultValue = "120s",
      paramLabel = "DURATION",
      description =
          "How long pause-clickhouse keeps it away; beside other faults it strikes once."
              + " Default: ${DEFAULT-VALUE}.")
  private Duration pause;

  @Option(
      names = "--source",
      defaultValue = "millrace",
      paramLabel = "millrace|connector",
      description =
          "What the job reads the topic with. connector, the released Flink connector, loses"
              + " messages when it recovers: with it the audit has to fail, which shows that it"
              + " can. Default: ${DEFAULT-VALUE}.")
  private String source;

  @Mixin private RunFlags flags;

  /** What {@code --faults} may name. */
  private static final class Labels implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Fault.values()).map(Fault::label).iterator();
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    final PrintWriter err = spec.commandLine().getErr();
    try {
      final Installation installation = Installation.ofLauncher();
      final JobSource jobSource = JobSource.of(source);
      final RunOptions given =
          jobSource == JobSource.CONNECTOR
              // it does not wait for producers, and what is late would hide what is lost
              ? flags.options(installation)
              : flags.options(installation, USUAL_PRODUCERS, USUAL_SKEW);
      final ChaosPlan plan = plan(given);
      final Duration longer =
          given.duration().compareTo(plan.expectedLoad()) < 0
              ? plan.expectedLoad()
              : given.duration();
      final RunOptions options =
          given.underFaults(
              longer, clickHouse(given, plan), jobSource, new Rig(plan.harmsNetworks(), bookies));
      final ChaosLoad load = new ChaosLoad(plan, options, given.duration());
      err.printf(Locale.ROOT, "seed %d%n", plan.seed());
      announce(options.source(), err);
      final boolean passed =
          WatchedRun.of(
              installation,
              options,
              load,
              result -> {
                new ChaosReport(result, load.struck(), plan.seed(), options.source().label())
                    .writeTo(options.report());
                FaultTable.print(load.struck(), spec.commandLine().getOut());
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

  private ChaosPlan plan(final RunOptions options) {
    final List<Fault> chosen =
        faults == null
            ? Arrays.stream(Fault.values()).filter(this::canStrike).toList()
            : faults.stream().map(Fault::of).distinct().toList();
    if (!chosen.stream().allMatch(this::canStrike)) {
      throw new UsageException(
          "--faults names what this run cannot have: "
              + ofBookies()
              + " need --bookies 3, start-without-state the job's own source.");
    }
    if (chosen.contains(Fault.RESCALE) && options.parallelism() < 2) {
      throw new UsageException(
          "--parallelism is 1 and rescale needs 2 or more; raise it or leave rescale out of"
              + " --faults.");
    }
    return new ChaosPlan(rounds, options.seed(), chosen, pause);
  }

  private static String ofBookies() {
    final List<String> labels =
        Arrays.stream(Fault.values()).filter(Fault::isOfBookies).map(Fault::label).toList();
    final int last = labels.size() - 1;
    return String.join(", ", labels.subList(0, last)) + " and " + labels.get(last);
  }

  private boolean canStrike(final Fault fault) {
    return (bookies > 1 || !fault.isOfBookies())
        && (fault != Fault.START_WITHOUT_STATE || JobSource.of(source) != JobSource.CONNECTOR);
  }

  /** Only the embedded engine can be told to fail single inserts. */
  private static ClickHouseChoice clickHouse(final RunOptions options, final ChaosPlan plan) {
    if (!(options.clickHouse() instanceof ClickHouseChoice.Server)) {
      return new ClickHouseChoice.Embedded(true);
    }
    if (plan.faults().stream().anyMatch(Fault::isOfClickHouse)) {
      throw new UsageException(
          "--clickhouse names a server, which this run must not harm; name only other --faults.");
    }
    return options.clickHouse();
  }

  private static void announce(final JobSource source, final PrintWriter err) {
    if (source == JobSource.CONNECTOR) {
      err.println(
          "The job reads with the released Flink connector: this run demonstrates what the audit"
              + " finds when a pipeline loses messages.");
    }
  }
}
