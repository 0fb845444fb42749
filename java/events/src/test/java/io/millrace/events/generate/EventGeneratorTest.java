package io.millrace.events.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.events.codec.EventEncoder;
import io.millrace.events.codec.EventLayout;
import io.millrace.events.domain.Domain;
import io.millrace.events.domain.DomainCatalog;
import io.millrace.events.domain.DomainParser;
import io.millrace.events.domain.Field;
import io.millrace.events.domain.Generation;
import io.millrace.events.domain.Role;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventGeneratorTest {

  static java.util.List<String> domains() {
    return DomainCatalog.names();
  }

  private static long[] event(
      final Domain domain, final long seed, final long source, final long index) {
    final long[] words = new long[EventLayout.of(domain).stride()];
    new EventGenerator(domain, seed).generate(source, index, 1_700_000_000_000L, words, 0);
    return words;
  }

  @Test
  void sameSeedSameEventsOtherSeedOtherEvents() {
    final Domain iot = Domain.load("iot");
    assertThat(event(iot, 1, 77, 5)).isEqualTo(event(iot, 1, 77, 5));
    assertThat(event(iot, 1, 77, 5)).isNotEqualTo(event(iot, 2, 77, 5));
    assertThat(event(iot, 1, 77, 5)).isNotEqualTo(event(iot, 1, 78, 5));
    assertThat(event(iot, 1, 77, 5)).isNotEqualTo(event(iot, 1, 77, 6));
  }

  @ParameterizedTest
  @MethodSource("domains")
  void dimensionsNeverChangeAndMeasuresStayInRange(final String name) {
    final Domain domain = Domain.load(name);
    final EventLayout layout = EventLayout.of(domain);
    for (long source = 0; source < 200; source++) {
      final long[] first = event(domain, 9, source, 0);
      for (long index = 1; index < 200; index++) {
        final long[] words = event(domain, 9, source, index);
        for (Field field : domain.fields()) {
          final int slot = layout.slotOf(field);
          if (field.role() == Role.DIMENSION) {
            assertThat(words[slot]).as(field.name()).isEqualTo(first[slot]);
          }
          if (field.generation().orElse(null) instanceof Generation.Wander wander) {
            final double value = Double.longBitsToDouble(words[slot]);
            assertThat(value).as(field.name()).isBetween(wander.from(), wander.to());
            assertThat(value / wander.step()).isEqualTo(Math.rint(value / wander.step()));
          }
        }
      }
    }
  }

  /** A successor of another build goes on with the same readings. */
  @Test
  void aSeedMakesTheSameEventsInEveryBuild() {
    final Domain domain =
        DomainParser.parse(
            "seeded",
            """
            {"type": "record", "name": "Seeded", "table": "a.t", "topic": "persistent://a/b/c",
             "fields": [
              {"name": "id", "type": "int", "role": "key"},
              {"name": "kind", "type": "int", "role": "dimension", "labels": {"1": "a", "2": "b"},
               "generate": {"weights": [0, 3, 1]}},
              {"name": "time", "type": {"type": "long", "logicalType": "timestamp-millis"},
               "role": "time"},
              {"name": "level", "type": "double", "role": "measure",
               "generate": {"mean": 21, "spread": 4, "drift": 3, "noise": 0.25, "step": 0.0625,
                "from": 15, "to": 40, "excursion": {"probability": 0.01, "by": 22}}},
              {"name": "moving", "type": "boolean", "role": "state",
               "generate": {"probability": 0.12}},
              {"name": "errors", "type": "int", "role": "counter",
               "generate": {"probability": 0.02, "from": 1, "to": 3}}]}
            """);
    final EventGenerator generator = new EventGenerator(domain, 7);
    final long[] words = new long[EventLayout.of(domain).stride()];
    long hash = 0;
    for (int source = 0; source < 100; source++) {
      for (int index = 0; index < 300; index++) {
        generator.generate(source, index, 1_700_000_000_000L + index, words, 0);
        hash = 31 * hash + Arrays.hashCode(words);
      }
    }
    assertThat(hash).isEqualTo(5_465_869_401_444_980_748L);
  }

  @Test
  void readingsWanderAndAlertsAreRareButHappen() {
    final Domain iot = Domain.load("iot");
    final EventLayout layout = EventLayout.of(iot);
    final Field temperature =
        iot.measures().stream()
            .filter(f -> f.name().equals("temperature"))
            .findFirst()
            .orElseThrow();
    final int slot = layout.slotOf(temperature);
    int alerts = 0;
    int jumps = 0;
    double previous = 0;
    final int events = 200_000;
    for (int index = 0; index < events; index++) {
      final double value = Double.longBitsToDouble(event(iot, 3, index / 1000, index % 1000)[slot]);
      if (temperature.alert().orElseThrow().raisedBy(value)) {
        alerts++;
      } else if (index % 1000 > 0 && Math.abs(value - previous) > 2) {
        jumps++;
      }
      previous = value;
    }
    assertThat(alerts).isBetween(events / 5000, events / 100);
    assertThat(jumps)
        .as("steps of more than 2 degrees outside excursions")
        .isLessThan(events / 100);
  }

  @Test
  void anEncodedIotEventHasBetween110And150Bytes() {
    final Domain iot = Domain.load("iot");
    final EventEncoder encoder = new EventEncoder(iot);
    final byte[] out = new byte[encoder.maxEncodedSize()];
    final long average =
        (long)
            java.util.stream.LongStream.range(0, 1000)
                .mapToInt(i -> encoder.encode(event(iot, 5, i, i), 0, out, 0))
                .average()
                .orElseThrow();
    assertThat(average).isBetween(110L, 150L);
  }

  @Test
  void everyKindOfWeightIsDrawn() {
    final Domain iot = Domain.load("iot");
    final int slot =
        EventLayout.of(iot)
            .slotOf(
                iot.fields().stream()
                    .filter(f -> f.name().equals("sensorType"))
                    .findFirst()
                    .orElseThrow());
    final long[] counts = new long[10];
    for (int source = 0; source < 5000; source++) {
      counts[(int) event(iot, 1, source, 0)[slot]]++;
    }
    assertThat(counts[0]).isZero();
    assertThat(counts[9]).isZero();
    assertThat(Arrays.copyOfRange(counts, 1, 9)).doesNotContain(0);
  }
}
