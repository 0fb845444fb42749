package io.millrace.bench.usual;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.events.codec.EventEncoder;
import io.millrace.events.codec.EventLayout;
import io.millrace.events.domain.Domain;
import io.millrace.events.generate.EventGenerator;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.PojoTypeInfo;
import org.junit.jupiter.api.Test;

class SensorAggregateTest {

  private static final long NOON = 1_700_000_000_000L;

  @Test
  void rowsSayWhatTheEventsSaid() throws IOException {
    final Domain iot = Domain.load("iot");
    final EventLayout layout = EventLayout.of(iot);
    final SensorReadingSchema schema = new SensorReadingSchema();
    schema.open(null);
    final SensorAggregate aggregate = new SensorAggregate();
    final SensorStatistics row = aggregate.createAccumulator();
    final int temperature =
        layout.slotOf(
            iot.measures().stream()
                .filter(f -> f.name().equals("temperature"))
                .findAny()
                .orElseThrow());
    double sum = 0;
    double max = Double.NEGATIVE_INFINITY;
    final long[] words = new long[layout.stride()];
    for (int i = 0; i < 5; i++) {
      new EventGenerator(iot, 1).generate(77, i, NOON + i, words, 0);
      final double value = Double.longBitsToDouble(words[temperature]);
      sum += value;
      max = Math.max(max, value);
      aggregate.add(schema.deserialize(encoded(iot, words)), row);
    }
    assertThat(row.recordCount).isEqualTo(5);
    assertThat(row.lastTime).isEqualTo(NOON + 4);
    assertThat(row.temperature.sum).isEqualTo(sum);
    assertThat(row.temperature.max).isEqualTo(max);
    assertThat(row.customerId).startsWith("customer_");
    assertThat(row.deviceType).isNotEmpty();
  }

  @Test
  void everyColumnHasAPlaceholder() {
    final String[] parts = RowStatement.SQL.split(" VALUES ");
    assertThat(parts[1].chars().filter(c -> c == '?').count())
        .isEqualTo(parts[0].chars().filter(c -> c == ',').count() + 1)
        .isEqualTo(47);
  }

  /** Else Flink falls back to Kryo, which would be unfair. */
  @Test
  void flinkTakesTheClassesForPojos() {
    assertThat(TypeInformation.of(SensorReading.class)).isInstanceOf(PojoTypeInfo.class);
    assertThat(TypeInformation.of(SensorStatistics.class)).isInstanceOf(PojoTypeInfo.class);
    assertThat(TypeInformation.of(Statistic.class)).isInstanceOf(PojoTypeInfo.class);
  }

  private static byte[] encoded(final Domain domain, final long[] words) {
    final EventEncoder encoder = new EventEncoder(domain);
    final byte[] buffer = new byte[encoder.maxEncodedSize()];
    return Arrays.copyOf(buffer, encoder.encode(words, 0, buffer, 0));
  }
}
