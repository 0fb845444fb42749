package io.millrace.flink.side;

import java.util.List;

/**
 * Messages for a side topic that are published together, once their checkpoint is complete.
 *
 * @param token name of the producer that publishes them, by which the broker recognises a
 *     repetition
 * @param messages in the order of their sequence ids
 */
public record RawBatch(String token, List<RawMessage> messages) {

  public RawBatch {
    messages = List.copyOf(messages);
  }
}
