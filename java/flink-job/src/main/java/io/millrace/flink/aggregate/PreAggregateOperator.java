package io.millrace.flink.aggregate;

import io.millrace.events.codec.EventLayout;
import io.millrace.events.domain.Domain;
import io.millrace.flink.side.RawMessage;
import io.millrace.flink.source.EventBatch;
import io.millrace.metrics.JobMetric;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Adds events to rows in the source's own task, so that a message costs neither serialization nor
 * keyed state. Rows go downstream when the watermark closes their window, when there is no room,
 * and before every checkpoint barrier: there is no row here for a failure to lose.
 *
 * <p>Its state is the watermark alone. The least watermark of all subtasks says which windows may
 * have left as rows before a checkpoint; after a restore they stay closed, also for a partition
 * that is new and knows no time of its own.
 *
 * <p>Events of a closed window, and messages that are no events, leave by side outputs. A window is
 * closed for an event if its own partition has passed it, even while others hold it open: what is
 * late then follows from the partition alone, in whatever order partitions are read, and a job that
 * goes back calls the same events late.
 */
public final class PreAggregateOperator extends AbstractStreamOperator<Accumulator>
    implements OneInputStreamOperator<EventBatch, Accumulator> {

  private static final long serialVersionUID = 1L;
  private static final int MAX_OPEN_WINDOWS = 64;

  private final String domainName;
  private final long windowMillis;
  private final int maxRows;
  private final OutputTag<RawMessage> late;
  private final OutputTag<RawMessage> deadLetters;

  private transient OpenWindows windows;
  private transient StreamRecord<Accumulator> record;
  private transient ListState<Long> watermarks;
  private transient long floor;
  private transient long watermark;
  private transient Counter aggregatedCount;
  private transient Counter lateCount;
  private transient Counter deadLetterCount;
  private transient Counter partialCount;

  /**
   * An operator for a domain.
   *
   * @param windowMillis length of the tumbling window
   * @param maxRows rows held at the most before all are sent on
   * @param late where events of closed windows go
   * @param deadLetters where messages that are no events go
   */
  public PreAggregateOperator(
      final String domainName,
      final long windowMillis,
      final int maxRows,
      final OutputTag<RawMessage> late,
      final OutputTag<RawMessage> deadLetters) {
    this.domainName = domainName;
    this.windowMillis = windowMillis;
    this.maxRows = maxRows;
    this.late = late;
    this.deadLetters = deadLetters;
    chainingStrategy = ChainingStrategy.ALWAYS; // batches are reused and must not leave the task
  }

  @Override
  public void initializeState(final StateInitializationContext context) throws Exception {
    super.initializeState(context);
    watermarks =
        context
            .getOperatorStateStore()
            .getUnionListState(new ListStateDescriptor<>("watermarks", LongSerializer.INSTANCE));
    long least = Long.MAX_VALUE;
    for (Long restored : watermarks.get()) {
      least = Math.min(least, restored);
    }
    floor = least == Long.MAX_VALUE ? Long.MIN_VALUE : least;
  }

  @Override
  public void snapshotState(final StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    watermarks.update(List.of(watermark));
  }

  @Override
  public void open() throws Exception {
    super.open();
    final Aggregation aggregation = new Aggregation(Domain.load(domainName));
    windows =
        new OpenWindows(aggregation, windowMillis, maxRows, MAX_OPEN_WINDOWS, this::emitPartial);
    record = new StreamRecord<>(null);
    watermark = floor;
    aggregatedCount = counter(JobMetric.EVENTS_AGGREGATED);
    lateCount = counter(JobMetric.EVENTS_LATE);
    deadLetterCount = counter(JobMetric.DEAD_LETTERS);
    partialCount = counter(JobMetric.PARTIALS_EMITTED);
    getMetricGroup().gauge(JobMetric.TABLE_ROWS.registeredName(), () -> windows.rows());
    getMetricGroup().gauge(JobMetric.TABLE_CAPACITY.registeredName(), () -> maxRows);
  }

  private Counter counter(final JobMetric metric) {
    return getMetricGroup().counter(metric.registeredName());
  }

  private void emitPartial(final Accumulator partial) {
    partialCount.inc();
    output.collect(record.replace(partial));
  }

  @Override
  public void processElement(final StreamRecord<EventBatch> element) {
    final EventBatch batch = element.getValue();
    final long[] words = batch.words();
    final int stride = batch.stride();
    final long passed = Math.max(watermark, batch.watermark());
    int aggregated = 0;
    for (int i = 0; i < batch.size(); i++) {
      if (batch.rejection(i) != null) {
        deadLetterCount.inc();
        output.collect(deadLetters, new StreamRecord<>(raw(batch, i, batch.rejection(i))));
        continue;
      }
      final int at = i * stride;
      final long window = windows.windowOf(words[at + EventLayout.TIME]);
      if (window + windowMillis - 1 <= passed) {
        lateCount.inc();
        output.collect(late, new StreamRecord<>(raw(batch, i, "watermark " + passed)));
        continue;
      }
      windows.add(words[at + EventLayout.KEY], window, words, at);
      aggregated++;
    }
    windows.complete();
    aggregatedCount.inc(aggregated);
  }

  private static RawMessage raw(final EventBatch batch, final int i, final String reason) {
    return new RawMessage(
        batch.partition(),
        batch.ledger(),
        batch.entry(),
        batch.batchIndex(i),
        batch.storedAt(),
        batch.schemaVersion(),
        reason,
        batch.payload(i));
  }

  @Override
  public void processWatermark(final Watermark mark) throws Exception {
    watermark = Math.max(floor, mark.getTimestamp());
    windows.close(watermark);
    super.processWatermark(mark);
  }

  @Override
  public void prepareSnapshotPreBarrier(final long checkpointId) throws Exception {
    windows.flushAll();
    super.prepareSnapshotPreBarrier(checkpointId);
  }

  @Override
  public void finish() throws Exception {
    windows.flushAll();
    super.finish();
  }
}
