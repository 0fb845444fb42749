package io.millrace.bench.flink;

import io.millrace.bench.BenchContext;
import io.millrace.local.RunFailedException;
import io.millrace.local.pipeline.FlinkCluster;
import io.millrace.local.process.ChildProcess;
import io.millrace.local.rest.FlinkRest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Measures a job as it reads a backlog, in a TaskManager of its own, so that no job profits or
 * suffers from what another one left in the JVM.
 */
final class JobRun {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration SLOWEST = Duration.ofMinutes(2);
  private static final Duration END = Duration.ofMinutes(1);

  private final BenchContext context;
  private final FlinkCluster flink;
  private final int parallelism;
  private final Measuring measuring;

  JobRun(
      final BenchContext context,
      final FlinkCluster flink,
      final int parallelism,
      final Measuring measuring) {
    this.context = context;
    this.flink = flink;
    this.parallelism = parallelism;
    this.measuring = measuring;
  }

  /**
   * Runs a job until it has read everything or the time is over, and cancels it.
   *
   * @param jar with the job
   * @param arguments of its main class
   * @param counter end of the name of the counter of messages in rows
   * @param total messages there are
   * @return rate, and cost in the TaskManager
   * @throws RunFailedException if the job fails or does not get going
   */
  Throughput.Reading read(
      final Path jar, final List<String> arguments, final String counter, final long total)
      throws InterruptedException {
    final FlinkRest rest = flink.rest();
    final ChildProcess taskManager = flink.taskManager().start();
    flink.awaitReady();
    try {
      final String job = rest.run(rest.upload(jar), arguments, parallelism, Optional.empty());
      final Throughput.Reading reading = measure(taskManager, job, counter, total);
      rest.cancel(job);
      context
          .supervisor()
          .await("The job is not cancelled", END, () -> "CANCELED".equals(rest.jobState(job)));
      taskManager.stop(END);
      context
          .supervisor()
          .await("The TaskManager is still known", END, () -> rest.overview().slots() == 0);
      return reading;
    } catch (IOException e) {
      context.supervisor().check();
      throw new RunFailedException("Flink refused: " + e.getMessage(), e);
    }
  }

  private Throughput.Reading measure(
      final ChildProcess taskManager, final String job, final String counter, final long total)
      throws IOException, InterruptedException {
    final FlinkRest rest = flink.rest();
    final Throughput throughput = new Throughput(measuring.warmUp());
    final long deadline = System.nanoTime() + SLOWEST.toNanos();
    while (true) {
      final long count = rest.counter(job, counter);
      throughput.look(System.nanoTime(), count, cpuNanos(taskManager));
      if (count >= total || throughput.measured().compareTo(measuring.measured()) >= 0) {
        return throughput.reading();
      }
      context.supervisor().check();
      final Optional<String> failure = rest.failure(job);
      if (failure.isPresent()) {
        throw new RunFailedException("The job failed: " + failure.get());
      }
      if (System.nanoTime() - deadline > 0) {
        throw new RunFailedException(
            String.format(
                Locale.ROOT,
                "The job has processed only %,d of %,d messages in %d s.",
                count,
                total,
                SLOWEST.toSeconds()));
      }
      Thread.sleep(POLL.toMillis());
    }
  }

  private static long cpuNanos(final ChildProcess process) {
    return ProcessHandle.of(process.pid())
        .flatMap(handle -> handle.info().totalCpuDuration())
        .orElse(Duration.ZERO)
        .toNanos();
  }
}
