package io.millrace.producer;

import io.millrace.events.codec.EventEncoder;
import io.millrace.events.codec.EventLayout;
import io.millrace.events.domain.Domain;
import io.millrace.events.generate.EventGenerator;
import java.util.Arrays;

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

  /**
   * The payload of one event. A new array: the client keeps it until the broker has confirmed it.
   *
   * @param index number of the event within its source
   * @param timeMillis event time, milliseconds since the epoch
   */
  byte[] payload(final int source, final long index, final long timeMillis) {
    generator.generate(source, index, timeMillis, words, 0);
    return Arrays.copyOf(buffer, encoder.encode(words, 0, buffer, 0));
  }
}
