package io.millrace.bench.insert;

import io.millrace.events.codec.EventLayout;
import io.millrace.events.domain.Domain;
import io.millrace.events.generate.EventGenerator;
import io.millrace.flink.aggregate.Aggregation;
import java.util.ArrayList;
import java.util.List;

/** Rows of one window as the job makes them: aggregated from generated events. */
final class Batches {

  private static final long SEED = 42;
  private static final long WINDOW_MILLIS = 60_000;
  private static final int EVENTS_PER_ROW = 10;

  private Batches() {}

  /**
   * Batches of the sources in order.
   *
   * @param window start of the window, milliseconds since the epoch
   * @return the words of each batch, one row after the other
   */
  static List<long[]> of(
      final Domain domain, final int batches, final int rows, final long window) {
    final Aggregation aggregation = new Aggregation(domain);
    final EventGenerator generator = new EventGenerator(domain, SEED);
    final int stride = aggregation.layout().stride();
    final long[] event = new long[EventLayout.of(domain).stride()];
    final List<long[]> made = new ArrayList<>();
    for (int batch = 0; batch < batches; batch++) {
      final long[] words = new long[rows * stride];
      for (int row = 0; row < rows; row++) {
        final long source = (long) batch * rows + row;
        aggregation.clear(words, row * stride, source, window);
        for (int i = 0; i < EVENTS_PER_ROW; i++) {
          final long time = window + i * WINDOW_MILLIS / EVENTS_PER_ROW;
          generator.generate(source, i, time, event, 0);
          aggregation.add(words, row * stride, event, 0);
        }
      }
      made.add(words);
    }
    return made;
  }
}
