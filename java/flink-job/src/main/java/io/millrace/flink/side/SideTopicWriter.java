package io.millrace.flink.side;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;

/**
 * Cuts messages into entries, which leave with the checkpoint barrier. Keeps no state.
 *
 * <p>Every attempt of a subtask publishes under a name of its own, into one partition, with ids
 * that start at 0. So an id of a name never stands for two entries, whatever an attempt starts
 * from: a checkpoint, an older savepoint whose later ids have been used by then, a savepoint that
 * two jobs start from, another parallelism. Names and ids that a state continued would not be safe
 * there: the entries of the second run would be taken for those of the first and dropped. What the
 * attempt before left to be published comes with the name and ids that it had, in the committables
 * of the checkpoint. As a name lasts as long as its attempt, the broker has to remember only as
 * many as there have been attempts.
 */
final class SideTopicWriter implements CommittingSinkWriter<RawMessage, RawBatch> {

  /** Where the entries of a subtask go. */
  @FunctionalInterface
  interface Partitioner {

    /**
     * The partition of a subtask; {@link RawBatch#WHOLE_TOPIC} of a topic without partitions.
     *
     * @throws IOException if the broker cannot be asked
     * @throws InterruptedException if waiting for the broker is broken off
     */
    int partition(int subtask) throws IOException, InterruptedException;
  }

  /** Large enough that the broker's work for an entry is shared by hundreds of messages. */
  private static final int MAX_ENTRY_BYTES = 128 << 10;

  private static final int MAX_ENTRY_MESSAGES = 1_000;
  private static final int UNKNOWN = Integer.MIN_VALUE;

  private final String producer = "millrace-side-" + UUID.randomUUID();
  private final int subtask;
  private final Partitioner partitioner;
  private final List<RawBatch> closed = new ArrayList<>();
  private final List<RawMessage> open = new ArrayList<>();
  private int partition = UNKNOWN;
  private long nextSequenceId;
  private long openBytes;

  /**
   * @param subtask index of the subtask that writes
   * @param partitioner asked once, when there is a message
   */
  SideTopicWriter(final int subtask, final Partitioner partitioner) {
    this.subtask = subtask;
    this.partitioner = partitioner;
  }

  @Override
  public void write(final RawMessage message, final Context context)
      throws IOException, InterruptedException {
    if (open.size() == MAX_ENTRY_MESSAGES
        || !open.isEmpty() && openBytes + message.payload.length > MAX_ENTRY_BYTES) {
      closeEntry();
    }
    open.add(message);
    openBytes += message.payload.length;
  }

  private void closeEntry() throws IOException, InterruptedException {
    if (partition == UNKNOWN) {
      partition = partitioner.partition(subtask);
    }
    closed.add(
        new RawBatch(producer, partition, nextSequenceId++, System.currentTimeMillis(), open));
    open.clear();
    openBytes = 0;
  }

  @Override
  public Collection<RawBatch> prepareCommit() throws IOException, InterruptedException {
    if (!open.isEmpty()) {
      closeEntry();
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
