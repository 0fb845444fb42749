package io.millrace.flink.source;

import io.millrace.events.codec.EventLayout;
import io.millrace.events.domain.Domain;
import io.millrace.metrics.JobMetric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.Counter;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * Reads its partitions in turn, an entry at a time, in the task's own thread: the client fills its
 * queues in the background, so no thread of ours stands between them and the decoder.
 *
 * <p>Whole entries between two checkpoints, and positions and watermarks in the state, make
 * recovery exact. All methods are called by the task's thread.
 */
final class EntryReader implements SourceReader<EventBatch, PartitionSplit> {

  private static final long WAKE_UP_MILLIS = 500;
  private static final long WAKE_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(WAKE_UP_MILLIS);

  /**
   * Late messages and dead letters are held until they are published; above this, reading waits.
   */
  private static final long MAX_HELD_BYTES = 64L << 20;

  private final SourceReaderContext context;
  private final PulsarClient client;
  private final PulsarEntrySource.Options options;
  private final EntryDecoder decoder;
  private final ScheduledExecutorService clock;
  private final AtomicReference<CompletableFuture<Void>> availability =
      new AtomicReference<>(new CompletableFuture<>());
  private final List<PartitionSplit> added = new ArrayList<>();
  private final List<PartitionProgress> partitions = new ArrayList<>();
  private final NavigableMap<Long, List<PartitionSplit>> checkpoints = new TreeMap<>();
  private final HeldBytes held = new HeldBytes(MAX_HELD_BYTES);
  private final Counter messages;
  private final Counter entries;
  private final Counter bytes;
  private final Counter records;
  private SourceOutput<EventBatch> currentOutput;
  private int next;
  private long idleCheckedNanos = System.nanoTime() - WAKE_UP_NANOS;
  private long topicWatermark = Long.MIN_VALUE;

  EntryReader(
      final SourceReaderContext context,
      final Domain domain,
      final PulsarClient client,
      final PulsarEntrySource.Options options) {
    this.context = context;
    this.client = client;
    this.options = options;
    this.decoder =
        new EntryDecoder(
            new WriterSchemas(domain, options.topic(), client),
            options.eventTime().bounds(),
            EventLayout.of(domain),
            batch -> currentOutput.collect(batch));
    this.messages = counter(context, JobMetric.MESSAGES_RECEIVED);
    this.entries = counter(context, JobMetric.ENTRIES_RECEIVED);
    this.bytes = counter(context, JobMetric.RECEIVED_BYTES);
    this.records = context.metricGroup().getIOMetricGroup().getNumRecordsInCounter();
    context
        .metricGroup()
        .gauge(JobMetric.WATERMARK_LAG.registeredName(), this::watermarkLagSeconds);
    final ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              final Thread thread = new Thread(task, "millrace-source-clock");
              thread.setDaemon(true);
              return thread;
            });
    this.clock = executor;
  }

  private static Counter counter(final SourceReaderContext context, final JobMetric metric) {
    return context.metricGroup().counter(metric.registeredName());
  }

  private double watermarkLagSeconds() {
    long slowest = Long.MAX_VALUE;
    for (PartitionProgress partition : partitions) {
      slowest = Math.min(slowest, partition.watermark());
    }
    return slowest == Long.MAX_VALUE || slowest == Long.MIN_VALUE
        ? 0
        : (System.currentTimeMillis() - slowest) / 1e3;
  }

  @Override
  public void start() {
    clock.scheduleWithFixedDelay(
        this::wakeUp, WAKE_UP_MILLIS, WAKE_UP_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void wakeUp() {
    availability.get().complete(null);
  }

  @Override
  public void addSplits(final List<PartitionSplit> splits) {
    added.addAll(splits);
    wakeUp();
  }

  @Override
  public void notifyNoMoreSplits() {
    // partitions may be added as long as the topic lives
  }

  @Override
  public InputStatus pollNext(final ReaderOutput<EventBatch> output) throws IOException {
    if (!added.isEmpty()) {
      open(output);
    }
    availability.set(new CompletableFuture<>());
    final long nanos = System.nanoTime();
    if (nanos - idleCheckedNanos >= WAKE_UP_NANOS) {
      idleCheckedNanos = nanos;
      for (PartitionProgress partition : partitions) {
        partition.checkIdle();
        partition.consumer().checkStalled(partition.isPaused() || held.isFull());
      }
      exchangeWatermarks(output);
    }
    if (!held.isFull()) {
      for (int i = 0; i < partitions.size(); i++) {
        final PartitionProgress partition = partitions.get(next);
        next = next + 1 == partitions.size() ? 0 : next + 1;
        if (!partition.isPaused()) {
          final RawEntry entry = partition.consumer().poll();
          if (entry != null) {
            process(partition, entry);
            return InputStatus.MORE_AVAILABLE;
          }
        }
      }
    }
    return InputStatus.NOTHING_AVAILABLE;
  }

  /** All outputs are made before any gives out an event, so that none is missed in the minimum. */
  private void open(final ReaderOutput<EventBatch> output) {
    final List<SourceOutput<EventBatch>> outputs =
        added.stream().map(split -> output.createOutputForSplit(split.splitId())).toList();
    for (int i = 0; i < outputs.size(); i++) {
      final PartitionSplit split = added.get(i);
      final PartitionConsumer consumer =
          new PartitionConsumer(client, options, split, this::wakeUp);
      partitions.add(new PartitionProgress(split, consumer, outputs.get(i), options));
    }
    added.clear();
  }

  /** Reports this reader's event time, and takes over the topic's where there is none here. */
  private void exchangeWatermarks(final ReaderOutput<EventBatch> output) {
    long own = ReaderWatermark.NO_PARTITION;
    boolean follows = partitions.isEmpty();
    for (PartitionProgress partition : partitions) {
      if (partition.isEmpty()) {
        partition.follow(topicWatermark);
        follows = true;
      } else {
        own = Math.min(own, partition.watermark());
      }
    }
    if (partitions.isEmpty() && topicWatermark != Long.MIN_VALUE) {
      output.emitWatermark(new Watermark(topicWatermark));
    }
    context.sendSourceEventToCoordinator(new ReaderWatermark(own, follows));
  }

  @Override
  public void handleSourceEvents(final SourceEvent event) {
    if (!(event instanceof TopicWatermark topic)) {
      throw new IllegalArgumentException("The enumerator sent " + event);
    }
    topicWatermark = Math.max(topicWatermark, topic.watermark());
  }

  private void process(final PartitionProgress partition, final RawEntry entry) throws IOException {
    currentOutput = partition.output();
    decoder.decode(entry, partition.partition(), partition.watermark());
    held.add(decoder.takeHeldBytes());
    messages.inc(decoder.messages());
    records.inc(decoder.messages());
    entries.inc();
    bytes.inc(decoder.bytes());
    partition.advance(entry.producer(), decoder.maxTime(), decoder.storedAt(), entry.index());
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    return availability.get();
  }

  @Override
  public void pauseOrResumeSplits(
      final Collection<String> splitsToPause, final Collection<String> splitsToResume) {
    for (PartitionProgress partition : partitions) {
      final String id = partition.id();
      if (splitsToPause.contains(id)) {
        partition.pause(true);
      } else if (splitsToResume.contains(id)) {
        partition.pause(false);
      }
    }
    wakeUp();
  }

  @Override
  public List<PartitionSplit> snapshotState(final long checkpointId) {
    final List<PartitionSplit> splits = new ArrayList<>(added);
    for (PartitionProgress partition : partitions) {
      splits.add(partition.split());
    }
    checkpoints.put(checkpointId, splits);
    held.snapshot(checkpointId);
    return splits;
  }

  @Override
  public void notifyCheckpointComplete(final long checkpointId) {
    held.complete(checkpointId);
    wakeUp();
    final List<PartitionSplit> covered = checkpoints.get(checkpointId);
    checkpoints.headMap(checkpointId, true).clear();
    if (covered == null) {
      return;
    }
    for (PartitionSplit split : covered) {
      for (PartitionProgress partition : partitions) {
        if (split.position() != null && partition.partition() == split.partition()) {
          partition.consumer().mark(split.position());
        }
      }
    }
  }

  @Override
  public void notifyCheckpointAborted(final long checkpointId) {
    checkpoints.remove(checkpointId);
  }

  @Override
  public void close() throws PulsarClientException {
    clock.shutdownNow();
    for (PartitionProgress partition : partitions) {
      partition.consumer().close();
    }
    decoder.close();
    client.close();
  }
}
