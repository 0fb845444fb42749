package io.millrace.bench.pipeline;

import io.millrace.local.pipeline.Load;
import io.millrace.local.pipeline.Pipeline;
import io.millrace.local.pipeline.Producer;
import io.millrace.local.pipeline.Producers;
import io.millrace.local.pipeline.RunReport;
import io.millrace.local.pipeline.RunSnapshot;
import io.millrace.local.pipeline.Stage;
import io.millrace.local.process.ChildProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Searches for the highest rate that holds, with one producer after the other on the same pipeline.
 *
 * <p>A rate holds if the producer keeps it to {@value #KEPT} and if the trend of the lag, over the
 * whole trial, is less than a second's messages. For one use.
 */
final class SearchLoad implements Load {

  /** Share of the rate that the producer must reach. */
  private static final double KEPT = 0.98;

  private static final Duration SETTLING = Duration.ofSeconds(4);
  private static final Duration CATCH_UP_PATIENCE = Duration.ofMinutes(1);
  private static final Duration PRODUCER_PATIENCE = Duration.ofSeconds(30);

  private final RateSearch search;
  private Held held;
  private long produced;
  private long acknowledged;

  SearchLoad(final RateSearch search) {
    this.search = search;
  }

  /**
   * What a rate that was held looked like.
   *
   * @param msgsPerS really produced
   * @param seconds for how long
   * @param maxLag messages that waited at the most
   * @param cpuSecondsPerMillion of each process
   */
  record Held(
      double msgsPerS, double seconds, long maxLag, Map<String, Double> cpuSecondsPerMillion) {}

  @Override
  public Producer.Result carryOut(final Stage stage) throws InterruptedException {
    final long start = System.nanoTime();
    search.search((rate, duration) -> holds(stage, rate, duration));
    final Duration took = Duration.ofNanos(System.nanoTime() - start);
    return new Producer.Result(
        produced, acknowledged, took.toMillis() / 1e3, RunReport.Latency.UNKNOWN);
  }

  /** What the last trial looked like: after the search, the one that held. */
  Held held() {
    return held;
  }

  private boolean holds(final Stage stage, final int rate, final Duration duration)
      throws InterruptedException {
    final Producers producers = stage.pipeline().producersAt(rate);
    final RunSnapshot before = stage.look();
    producers.start();
    stage.await(
        "The producer does not produce",
        PRODUCER_PATIENCE,
        now -> now.produced() > before.produced());
    stage.watch(SETTLING);
    final LagTrend lag = new LagTrend();
    final CpuTime cpuBefore = CpuTime.of(processes(stage.pipeline(), producers));
    final RunSnapshot first = stage.look();
    RunSnapshot now = first;
    while (now.elapsed().minus(first.elapsed()).compareTo(duration) < 0) {
      now = stage.look();
      lag.look(now.elapsed(), now.lag());
    }
    final CpuTime cpuAfter = CpuTime.of(processes(stage.pipeline(), producers));
    end(stage, producers, rate);
    final double seconds = now.elapsed().minus(first.elapsed()).toNanos() / 1e9;
    final long messages = now.produced() - first.produced();
    held =
        new Held(
            messages / seconds, seconds, lag.max(), cpuAfter.perMillionSince(cpuBefore, messages));
    final boolean holds = held.msgsPerS() >= KEPT * rate && lag.growth() < rate;
    stage.say(
        String.format(
            Locale.ROOT,
            "  %,d msg/s for %.0f s: produced %,.0f msg/s, lag grew by %,.0f messages: %s",
            rate,
            seconds,
            held.msgsPerS(),
            lag.growth(),
            holds ? "holds" : "too much"));
    return holds;
  }

  private void end(final Stage stage, final Producers producers, final int rate)
      throws InterruptedException {
    producers.stop();
    final Producer.Result result = producers.result();
    // a producer counts on from the one before it
    produced = result.produced();
    acknowledged = result.acknowledged();
    stage.await("The job does not catch up", CATCH_UP_PATIENCE, now -> now.lag() < rate);
  }

  private static List<ChildProcess> processes(final Pipeline pipeline, final Producers producers) {
    final List<ChildProcess> processes = new ArrayList<>(producers.processes());
    processes.add(pipeline.broker().process().current());
    processes.add(pipeline.flink().jobManager().current());
    processes.add(pipeline.flink().taskManager().current());
    pipeline.clickHouse().process().ifPresent(process -> processes.add(process.current()));
    return processes;
  }
}
