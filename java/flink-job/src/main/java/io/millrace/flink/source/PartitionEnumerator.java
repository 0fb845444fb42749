package io.millrace.flink.source;

import io.millrace.flink.connection.PulsarConnection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.pulsar.client.api.PulsarClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the topic's partitions, also those that are added while the job runs, and gives partition n
 * to reader n modulo parallelism.
 */
final class PartitionEnumerator implements SplitEnumerator<PartitionSplit, EnumeratorState> {

  private static final Logger LOG = LoggerFactory.getLogger(PartitionEnumerator.class);
  private static final long LOOKUP_TIMEOUT_SECONDS = 60;

  private final SplitEnumeratorContext<PartitionSplit> context;
  private final PulsarConnection connection;
  private final String topic;
  private final PulsarEntrySource.Options options;
  private final List<PartitionSplit> unassigned;
  private final ReaderWatermarks watermarks = new ReaderWatermarks();
  private int discovered;
  private volatile boolean mustBeFirst;
  private PulsarClient client;

  /**
   * An enumerator.
   *
   * @param mustBeFirst whether to refuse a topic that the subscription has read already
   */
  PartitionEnumerator(
      final SplitEnumeratorContext<PartitionSplit> context,
      final PulsarEntrySource.Options options,
      final EnumeratorState state,
      final boolean mustBeFirst) {
    this.context = context;
    this.connection = options.connection();
    this.topic = options.topic();
    this.options = options;
    this.mustBeFirst = mustBeFirst;
    this.unassigned = new ArrayList<>(state.unassigned());
    this.discovered = state.discovered();
  }

  @Override
  public void start() {
    context.callAsync(this::lookUp, this::discover, 0, options.discoveryInterval().toMillis());
  }

  private List<String> lookUp() throws IOException, InterruptedException {
    try {
      if (client == null) {
        client = connection.open();
      }
      final List<String> partitions =
          client.getPartitionsForTopic(topic, false).get(LOOKUP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
      if (mustBeFirst) {
        new FreshStart(client, options.subscription(), options.start().stateFolders())
            .requireFirst(partitions);
      }
      return partitions;
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(
          "The partitions of " + topic + " cannot be looked up at " + connection.serviceUrl(), e);
    }
  }

  private void discover(final List<String> topics, final Throwable failure) {
    if (failure != null) {
      if (discovered == 0) {
        throw new FlinkRuntimeException(failure.getMessage(), failure);
      }
      LOG.warn(
          "{}; continuing with the {} known partitions", failure.getMessage(), discovered, failure);
      return;
    }
    mustBeFirst = false;
    // of a topic that was read before, any partition may be one that was added
    final EventTimeState eventTime =
        discovered > 0 || options.start().anyway()
            ? EventTimeState.added(options.eventTime())
            : EventTimeState.NEW;
    for (int partition = discovered; partition < topics.size(); partition++) {
      unassigned.add(PartitionSplit.unread(topics.get(partition), partition, eventTime));
    }
    if (topics.size() > discovered) {
      LOG.info(
          "{} has {} partitions, {} of them new", topic, topics.size(), topics.size() - discovered);
      discovered = topics.size();
    }
    assign();
  }

  private void assign() {
    final Map<Integer, List<PartitionSplit>> assignment = new HashMap<>();
    for (PartitionSplit split : unassigned) {
      final int reader = split.partition() % context.currentParallelism();
      if (context.registeredReaders().containsKey(reader)) {
        assignment.computeIfAbsent(reader, r -> new ArrayList<>()).add(split);
      }
    }
    if (!assignment.isEmpty()) {
      assignment.values().forEach(unassigned::removeAll);
      context.assignSplits(new SplitsAssignment<>(assignment));
    }
  }

  @Override
  public void handleSourceEvent(final int subtask, final SourceEvent event) {
    if (!(event instanceof ReaderWatermark reported)) {
      throw new IllegalArgumentException("A reader sent " + event);
    }
    watermarks.report(subtask, reported.watermark());
    if (reported.follows()) {
      final OptionalLong least = watermarks.least(context.currentParallelism());
      if (least.isPresent()) {
        context.sendEventToSourceReader(subtask, new TopicWatermark(least.getAsLong()));
      }
    }
  }

  @Override
  public void addReader(final int subtask) {
    watermarks.forget(subtask);
    assign();
  }

  @Override
  public void addSplitsBack(final List<PartitionSplit> splits, final int subtask) {
    unassigned.addAll(splits);
    assign();
  }

  @Override
  public void handleSplitRequest(final int subtask, final String hostname) {
    // partitions are assigned as they are discovered, not on request
  }

  @Override
  public EnumeratorState snapshotState(final long checkpointId) throws IOException {
    if (mustBeFirst) {
      // a job that is refused must not leave a state that looks like the newest one
      throw new IOException("It is not known yet whether the job may begin without state");
    }
    return new EnumeratorState(discovered, unassigned);
  }

  @Override
  public void close() throws IOException {
    if (client != null) {
      client.close();
    }
  }
}
