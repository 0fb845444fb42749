package io.millrace.flink;

import io.millrace.events.codec.EventLayout;
import io.millrace.events.domain.Domain;
import java.util.Random;

/** Events of the IoT domain with values of every sign and size, unlike the generator's. */
public final class TestDomains {

  public static final Domain IOT = Domain.load("iot");
  public static final EventLayout LAYOUT = EventLayout.of(IOT);

  private TestDomains() {}

  /** An event whose other values are random, the measures often below zero. */
  public static long[] event(final Random random, final long source, final long time) {
    final long[] words = new long[LAYOUT.stride()];
    words[EventLayout.KEY] = source;
    words[EventLayout.TIME] = time;
    for (int i = EventLayout.LAST_VALUES; i < LAYOUT.firstMeasure(); i++) {
      words[i] = random.nextInt(200) - 100;
    }
    for (int i = LAYOUT.firstMeasure(); i < LAYOUT.stride(); i++) {
      words[i] = Double.doubleToRawLongBits(-1000 + random.nextInt(9000) / 8.0);
    }
    return words;
  }
}
