package io.millrace.producer;

import io.millrace.events.codec.EventEncoder;
import io.millrace.events.codec.EventLayout;
import io.millrace.events.domain.Domain;
import io.millrace.events.generate.EventGenerator;

/** Makes payloads: generates an event and encodes it. Not thread-safe: it has a scratch buffer. */
final class EventWriter {

  private final EventGenerator generator;
  private final EventEncoder encoder;
  private final long[] words;
  private final byte[] buffer;

  EventWriter(final Domain domain, final long seed) {
    generator = new EventGenerator(domain, seed);
    encoder = new EventEncoder(domain);
    words = new long[EventLayout.of(domain).stride()];
    buffer = new byte[encoder.maxEncodedSize()];
  }

  /** No payload is longer than this many bytes. */
  int maxPayloadBytes() {
    return buffer.length;
  }

  /**
   * Adds one event to a batch.
   *
   * @param sequence number of the message
   * @param index number of the event within its source
   * @param timeMillis event time, milliseconds since the epoch
   * @param batch with room for the longest payload
   * @return the payload's length in bytes
   */
  int write(
      final long sequence,
      final int source,
      final long index,
      final long timeMillis,
      final MessageBatch batch) {
    generator.generate(source, index, timeMillis, words, 0);
    final int length = encoder.encode(words, 0, buffer, 0);
    batch.add(sequence, words[EventLayout.TIME], buffer, length);
    return length;
  }
}
