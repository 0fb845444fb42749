package io.millrace.producer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run from connecting to draining. It ends when the duration is over, when its thread is
 * interrupted (then it drains as well), or when the broker refuses a message for good: going on
 * would leave a gap, while a successor takes up at exactly that message.
 */
final class ProducerRun {

  private static final Logger LOG = LoggerFactory.getLogger(ProducerRun.class);

  private static final long LOG_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** How old the report of a process that is killed may be. */
  private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How soon the end of the sending threads, or a refused message, is noticed. */
  private static final long CHECK_MILLIS = 10;

  private static final int SUCCESS = 0;
  private static final int FAILURE = 1;

  private final ProducerConfig config;
  private final Lanes lanes = new Lanes();
  private List<LaneSources> plan = List.of();
  private final AtomicReference<Throwable> crash = new AtomicReference<>();
  private volatile boolean sending;

  ProducerRun(final ProducerConfig config) {
    this.config = config;
  }

  /**
   * Runs to the end.
   *
   * @return the exit code: 0 if every message was confirmed, 1 if not
   * @throws StartupException if sending could not begin
   */
  int run() throws StartupException {
    try (ProducerMetrics metrics = new ProducerMetrics(lanes, config.ownRate());
        HttpEndpoint http =
            HttpEndpoint.start(config.http(), metrics::scrape, this::notAlive, this::notReady)) {
      LOG.info("Metrics and health on http://{}:{}", config.http().getHostString(), http.port());
      return run(new PublishLatency(metrics.publishLatency()));
    }
  }

  private int run(final PublishLatency latency) throws StartupException {
    final PulsarClient client = client();
    boolean drained = false;
    try {
      openLanes(client, latency);
      drained = sendAndDrain(latency);
      return drained ? SUCCESS : FAILURE;
    } catch (InterruptedException e) {
      LOG.info("Stopped before the first message");
      drained = true;
      return SUCCESS;
    } finally {
      close(client, drained);
    }
  }

  private PulsarClient client() throws StartupException {
    try {
      return new PulsarConnection(config.serviceUrl(), config.tokenFile()).open(config.threads());
    } catch (PulsarClientException e) {
      throw new StartupException(
          "Cannot connect to '" + config.serviceUrl() + "': " + e.getMessage(), e);
    }
  }

  private void openLanes(final PulsarClient client, final PublishLatency latency)
      throws StartupException, InterruptedException {
    final List<String> partitions = new TopicPartitions(client, config).await();
    plan = config.assignment().lanes(partitions.size());
    // a lane's first message is sent while it is opened
    write(report(false, 0, latency));
    final LaneOpener opener = new LaneOpener(client, config, latency, plan.size());
    for (final LaneSources sources : plan) {
      lanes.add(opener.open(partitions.get(sources.partition()), sources));
    }
    LOG.info(
        "Producing {} of {} sources to {} of {} partitions of {}; {} messages stored before",
        config.assignment().owned(),
        config.assignment().sources(),
        plan.size(),
        partitions.size(),
        config.topic(),
        lanes.resumedAt());
  }

  /** Whether every message was confirmed. */
  private boolean sendAndDrain(final PublishLatency latency) {
    final long start = System.nanoTime();
    final long duration = config.duration().map(d -> d.toNanos()).orElse(Long.MAX_VALUE);
    for (final Lane lane : lanes.all()) {
      lane.start(config.rate().share(lane.share()), start, duration);
    }
    final ProgressLog progress = new ProgressLog(lanes, config.ownRate(), latency, start);
    send(progress, start, latency);
    final long end = System.nanoTime();
    final boolean drained = problem().isEmpty() && drain();
    progress.line(System.nanoTime());
    return summarize(drained, (end - start) / 1e9, latency);
  }

  private void send(final ProgressLog progress, final long start, final PublishLatency latency) {
    final List<LaneDriver> drivers = drivers();
    final List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < drivers.size(); i++) {
      final Thread thread = new Thread(drivers.get(i), "lanes-" + i);
      thread.setUncaughtExceptionHandler((t, e) -> crash.compareAndSet(null, e));
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    sending = true;
    try {
      long nextLine = start + LOG_NANOS;
      long nextReport = start;
      boolean reports = true;
      while (problem().isEmpty() && threads.stream().anyMatch(Thread::isAlive)) {
        Thread.sleep(CHECK_MILLIS);
        final long now = System.nanoTime();
        if (now >= nextLine) {
          progress.line(now);
          nextLine += LOG_NANOS;
        }
        if (reports && now >= nextReport) {
          reports = write(report(false, (now - start) / 1e9, latency));
          nextReport = now + REPORT_NANOS;
        }
      }
    } catch (InterruptedException e) {
      LOG.info("Stopping");
    } finally {
      drivers.forEach(LaneDriver::stop);
      sending = false;
    }
    join(threads);
  }

  private List<LaneDriver> drivers() {
    final int threads = Math.min(config.threads(), lanes.all().size());
    return IntStream.range(0, threads)
        .mapToObj(
            t ->
                new LaneDriver(
                    IntStream.range(0, lanes.all().size())
                        .filter(lane -> lane % threads == t)
                        .mapToObj(lanes.all()::get)
                        .toList(),
                    new EventWriter(config.domain(), config.seed()),
                    config.clock()))
        .toList();
  }

  private void join(final List<Thread> threads) {
    try {
      for (final Thread thread : threads) {
        thread.join(config.drainTimeout().toMillis());
      }
    } catch (InterruptedException e) {
      LOG.info("Stopping without waiting for the sending threads");
    }
  }

  private boolean drain() {
    final CompletableFuture<?>[] flushed =
        lanes.all().stream().map(Lane::flush).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(flushed).get(config.drainTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException | InterruptedException e) {
      LOG.error(
          "{} messages were not confirmed within {} s; a successor sends them again",
          lanes.unconfirmed(),
          config.drainTimeout().toSeconds());
      return false;
    }
    return lanes.unconfirmed() == 0;
  }

  private boolean summarize(
      final boolean drained, final double seconds, final PublishLatency latency) {
    final RunReport report = report(drained, seconds, latency);
    problem().ifPresent(reason -> LOG.error("Stopped: {}", reason));
    LOG.info(
        String.format(
            Locale.ROOT,
            "Done: %,d messages in %.1f s, %,.0f msg/s, %,d confirmed, %,d refused",
            report.producedThisRun(),
            report.durationS(),
            report.produceRate(),
            report.acknowledgedThisRun(),
            report.errors()));
    return write(report) && drained;
  }

  private RunReport report(
      final boolean complete, final double seconds, final PublishLatency latency) {
    final Map<String, Long> confirmed = new HashMap<>();
    plan.forEach(sources -> confirmed.put(config.producerName(sources.partition()), 0L));
    lanes
        .all()
        .forEach(lane -> confirmed.put(config.producerName(lane.partition()), lane.confirmed()));
    return RunReport.of(complete, confirmed, lanes, seconds, latency.total());
  }

  private boolean write(final RunReport report) {
    if (config.report().isEmpty()) {
      return true;
    }
    try {
      report.write(config.report().get());
      return true;
    } catch (IOException e) {
      LOG.error("Cannot write the report {}: {}", config.report().get(), e.toString());
      return false;
    }
  }

  /** Why the run cannot go on, if so. */
  private Optional<String> problem() {
    return lanes
        .failure()
        .map(e -> "the broker refused a message: " + e.getMessage())
        .or(() -> Optional.ofNullable(crash.get()).map(e -> "a sending thread died: " + e));
  }

  private Optional<String> notAlive() {
    return problem();
  }

  private Optional<String> notReady() {
    if (!sending) {
      return Optional.of("not sending");
    }
    final long away = lanes.all().size() - lanes.connected();
    return away == 0
        ? Optional.empty()
        : Optional.of(away + " of " + lanes.all().size() + " partitions not connected");
  }

  private void close(final PulsarClient client, final boolean drained) {
    try {
      if (drained) {
        client.close();
      } else {
        // close would flush, and so might store messages behind a gap
        client.shutdown();
      }
    } catch (PulsarClientException e) {
      LOG.warn("Closing the Pulsar client failed: {}", e.getMessage());
    }
  }
}
