package io.millrace.flink.side;

import java.util.List;

/**
 * Messages for a side topic that become one entry of one partition, once their checkpoint is
 * complete. Everything that decides whether the broker takes a repetition for one is fixed here:
 * who publishes it, where, under which id, and where the entry begins and ends.
 *
 * @param producer name of the producer that publishes it, of one attempt of one subtask
 * @param partition of the side topic; {@link #WHOLE_TOPIC} if the topic has none
 * @param sequenceId the entry's, ascending with each entry of the producer; {@link #CUT_BY_CLIENT}
 *     for a batch of an earlier build, which numbered messages and left entries to the client
 * @param createdMillis when it was made, milliseconds since the epoch by the clock of its task; 0
 *     for a batch of an earlier build
 * @param messages in the entry's order
 */
public record RawBatch(
    String producer,
    int partition,
    long sequenceId,
    long createdMillis,
    List<RawMessage> messages) {

  static final int WHOLE_TOPIC = -1;
  static final long CUT_BY_CLIENT = -1;

  public RawBatch {
    messages = List.copyOf(messages);
  }

  /** A batch of a build whose messages had the ids 0, 1, 2, … of a producer for them alone. */
  static RawBatch cutByClient(final String producer, final List<RawMessage> messages) {
    return new RawBatch(producer, WHOLE_TOPIC, CUT_BY_CLIENT, 0, messages);
  }

  boolean isCutByClient() {
    return sequenceId == CUT_BY_CLIENT;
  }
}
