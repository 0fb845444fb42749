package io.millrace.flink.side;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;

/** Collects messages until the checkpoint barrier takes them away. Keeps no state. */
final class SideTopicWriter implements CommittingSinkWriter<RawMessage, RawBatch> {

  private static final int MAX_BATCH_BYTES = 4 << 20;

  private final String tokenPrefix = UUID.randomUUID().toString();
  private final List<RawBatch> closed = new ArrayList<>();
  private final List<RawMessage> open = new ArrayList<>();
  private long openBytes;
  private long batches;

  @Override
  public void write(final RawMessage message, final Context context) {
    open.add(message);
    openBytes += message.payload.length;
    if (openBytes >= MAX_BATCH_BYTES) {
      closeBatch();
    }
  }

  private void closeBatch() {
    closed.add(new RawBatch(tokenPrefix + "-" + batches++, open));
    open.clear();
    openBytes = 0;
  }

  @Override
  public Collection<RawBatch> prepareCommit() {
    if (!open.isEmpty()) {
      closeBatch();
    }
    final List<RawBatch> batchesOfCheckpoint = List.copyOf(closed);
    closed.clear();
    return batchesOfCheckpoint;
  }

  @Override
  public void flush(final boolean endOfInput) {
    // messages leave with the next checkpoint, never before
  }

  @Override
  public void close() {
    // holds nothing that has to be closed
  }
}
