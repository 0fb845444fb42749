package io.millrace.local.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.events.domain.Domain;
import io.millrace.local.RunFailedException;
import io.millrace.local.chaos.ChaosLoad;
import io.millrace.local.chaos.ChaosPlan;
import io.millrace.local.chaos.Fault;
import io.millrace.local.chaos.Struck;
import io.millrace.local.process.Supervisor;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pipeline of real processes, some of which are killed, with two producers whose clocks are
 * apart: every message must be in exactly one row. Then one row is taken away, which the audit must
 * find. The long version is {@code millrace chaos}.
 *
 * <p>Needs the packaged modules before this one in the reactor, and the ClickHouse engine that the
 * tests of clickhouse-server install.
 */
class ExactlyOnceTest {

  private static final List<Fault> FAULTS =
      List.of(Fault.KILL_TASKMANAGER, Fault.KILL_CLICKHOUSE_IN_INSERT, Fault.KILL_PRODUCER);

  @TempDir private Path home;
  private Installation installation;

  /** An installation whose runs are in no other run's way. */
  @BeforeEach
  void install() throws Exception {
    installation = OwnHome.in(home);
  }

  @Test
  void everyMessageIsInOneRowAlthoughProcessesAreKilledAndAMissingRowIsFound() throws Exception {
    final RunOptions options = options();
    final ChaosLoad chaos =
        new ChaosLoad(
            new ChaosPlan(FAULTS.size(), options.seed(), FAULTS, Duration.ofSeconds(1)),
            options,
            Duration.ZERO);
    final AtomicReference<Pipeline> pipeline = new AtomicReference<>();
    try (RunDirectory directory = RunDirectory.create(installation.runs());
        Supervisor supervisor = new Supervisor(directory.logs())) {
      final PipelineRun run =
          skippedUnlessBuilt(
              () ->
                  new PipelineRun(
                      supervisor,
                      installation,
                      directory,
                      options,
                      new PrintedEvents(),
                      stage -> {
                        pipeline.set(stage.pipeline());
                        return chaos.carryOut(stage);
                      }));
      final RunReport report = run.execute();

      assertThat(chaos.struck()).extracting(Struck::fault).hasSameSizeAs(FAULTS);
      assertThat(report.audit()).isEqualTo("PASS");
      assertThat(report.inTopic()).isEqualTo(report.acknowledged());
      assertThat(report.sequenceGaps() + report.sequenceRepeats()).isZero();
      assertThat(report.lost() + report.duplicated() + report.mismatchedRows()).isZero();
      assertThat(report.aggregated()).isEqualTo(report.produced()).isPositive();
      assertThat(report.late()).isZero();
      assertThat(report.producers()).containsOnlyKeys("millrace-iot-0", "millrace-iot-1");
      assertThat(report.others()).isZero();

      final long missing = removeOneRow(pipeline.get().clickHouse(), options.domain().table());
      final Audit.Verdict verdict =
          new Audit(supervisor, installation, directory)
              .run(pipeline.get(), options, Optional.empty());

      assertThat(verdict.passed()).isFalse();
      assertThat(verdict.lost()).isEqualTo(missing).isPositive();
      assertThat(verdict.duplicated() + verdict.mismatchedRows()).isZero();
    }
  }

  private RunOptions options() {
    final Duration longest = Duration.ofMinutes(5);
    return new RunOptions(
        Domain.load("iot"),
        2_000,
        1_000,
        0,
        2,
        Duration.ofSeconds(2),
        longest,
        4,
        2,
        JobSource.MILLRACE,
        false,
        0,
        1,
        new ClickHouseChoice.Embedded(true),
        Rig.PLAIN,
        installation.defaultReport(),
        false,
        false);
  }

  /** What can be built from the class path alone is; the rest is there after {@code mvn verify}. */
  private static PipelineRun skippedUnlessBuilt(final Supplier<PipelineRun> run) {
    try {
      return run.get();
    } catch (RunFailedException e) {
      System.out.println("Skipped: " + e.getMessage());
      return Assumptions.abort(e.getMessage());
    }
  }

  /** Returns how many messages it had counted. */
  private static long removeOneRow(final ClickHouse clickHouse, final String table)
      throws Exception {
    final String[] row =
        clickHouse
            .rest()
            .query(
                "SELECT device_id, toUnixTimestamp(time), record_count FROM "
                    + table
                    + " LIMIT 1 FORMAT TabSeparated")
            .split("\t");
    clickHouse
        .rest()
        .query(
            "ALTER TABLE %s DELETE WHERE device_id = '%s' AND toUnixTimestamp(time) = %s SETTINGS mutations_sync = 1"
                .formatted(table, row[0], row[1]));
    return Long.parseLong(row[2]);
  }

  /** What happened shows in the output of a test that failed. */
  private static final class PrintedEvents implements RunEvents {

    @Override
    public void endpoint(final String name, final String address) {
      System.out.println(name + " " + address);
    }

    @Override
    public void phase(final String description) {
      System.out.println(description);
    }

    @Override
    public void mark(final Mark kind, final String text, final Instant at) {
      System.out.println(kind + " " + text);
    }

    @Override
    public void verdict(final RunReport report) {
      System.out.println(report);
    }

    @Override
    public void snapshot(final RunSnapshot snapshot) {
      System.out.println(snapshot);
    }
  }
}
