package io.millrace.flink.aggregate;

import io.millrace.events.domain.Domain;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.internal.InternalValueState;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Merges the partial rows of a source and window in keyed state, with the window's start as the
 * namespace, and sends the row on when the watermark passes the window's end.
 *
 * <p>A partial row cannot come after its row was sent: every source subtask decides what is late by
 * its own watermark, flushes before it passes the watermark on, and restores it with its splits, so
 * it is never behind the minimum that arrives here.
 */
public final class MergeOperator extends AbstractStreamOperator<Accumulator>
    implements OneInputStreamOperator<Accumulator, Accumulator>, Triggerable<Long, Long> {

  private static final long serialVersionUID = 1L;

  private final String domainName;
  private final long windowMillis;

  private transient Aggregation aggregation;
  private transient AccumulatorSerializer serializer;
  private transient InternalValueState<Long, Long, Accumulator> rows;
  private transient InternalTimerService<Long> timers;
  private transient StreamRecord<Accumulator> record;

  public MergeOperator(final String domainName, final long windowMillis) {
    this.domainName = domainName;
    this.windowMillis = windowMillis;
  }

  @Override
  public void open() throws Exception {
    super.open();
    aggregation = new Aggregation(Domain.load(domainName));
    serializer = AccumulatorSerializer.of(aggregation.layout());
    rows = rowState();
    timers = getInternalTimerService("window-ends", LongSerializer.INSTANCE, this);
    record = new StreamRecord<>(null);
  }

  /** The state is asked for its internal face, which can change the namespace from call to call. */
  @SuppressWarnings("unchecked") // a value state of a state backend is always an internal one
  private InternalValueState<Long, Long, Accumulator> rowState() throws Exception {
    final ValueStateDescriptor<Accumulator> descriptor =
        new ValueStateDescriptor<>("rows", serializer);
    return (InternalValueState<Long, Long, Accumulator>)
        this.<Long, ValueState<Accumulator>, Accumulator>getOrCreateKeyedState(
            LongSerializer.INSTANCE, descriptor);
  }

  @Override
  public void processElement(final StreamRecord<Accumulator> element) throws Exception {
    final Accumulator partial = element.getValue();
    final Long window = partial.window();
    rows.setCurrentNamespace(window);
    final Accumulator stored = rows.value();
    if (stored == null) {
      timers.registerEventTimeTimer(window, window + windowMillis - 1);
      rows.update(serializer.copy(partial));
    } else {
      final Accumulator row = serializer.current(stored);
      aggregation.merge(row, partial);
      rows.update(row);
    }
  }

  @Override
  public void onEventTime(final InternalTimer<Long, Long> timer) throws Exception {
    rows.setCurrentNamespace(timer.getNamespace());
    final Accumulator row = rows.value();
    if (row != null) {
      rows.clear();
      output.collect(record.replace(serializer.current(row)));
    }
  }

  @Override
  public void onProcessingTime(final InternalTimer<Long, Long> timer) {
    throw new IllegalStateException("No processing-time timer is ever registered");
  }
}
