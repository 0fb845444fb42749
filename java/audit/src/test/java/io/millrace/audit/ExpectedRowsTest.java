package io.millrace.audit;

import static io.millrace.audit.Fixture.event;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpectedRowsTest {

  private final Fixture fixture = new Fixture();
  private final ExpectedRows rows = fixture.expected;

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "59999, 0",
    "60000, 60000",
    "-1, -60000",
    "-60000, -60000",
    "-60001, -120000"
  })
  void windowsTumbleAlsoBeforeTheEpoch(final long time, final long window) {
    assertThat(ExpectedRows.windowOf(time)).isEqualTo(window);
  }

  @Test
  void averagesAndExtremesComeFromTheReadings() {
    fixture.publish(event(1, 0, -4));
    fixture.publish(event(1, 1, -2));
    fixture.publish(event(1, 2, -3.5));

    final int row = rows.find(1, 0);
    assertThat(rows.count(row)).isEqualTo(3);
    assertThat(rows.average(row, 0)).isEqualTo(-9.5 / 3);
    assertThat(rows.minimum(row, 0)).isEqualTo(-4);
    assertThat(rows.maximum(row, 0)).isEqualTo(-2);
  }

  @Test
  void lastValueIsTheLatestByEventTimeAndOnATieTheLaterInThePartition() {
    fixture.publish(withModel(event(1, 50, 0), 1));
    fixture.publish(withModel(event(1, 50, 0), 2));
    fixture.publish(withModel(event(1, 49, 0), 3));

    assertThat(rows.lastInteger(rows.find(1, 0), 0)).isEqualTo(2);
  }

  @Test
  void alertsCountEventsNotReadings() {
    final GenericRecord both = event(1, 0, 11);
    both.put("level", -6f);
    fixture.publish(both);
    fixture.publish(event(1, 1, 10));
    fixture.publish(event(1, 2, 10.5));

    assertThat(rows.alerts(rows.find(1, 0))).isEqualTo(2);
  }

  @Test
  void countersWrapLikeInt64() {
    final GenericRecord large = event(1, 0, 0);
    large.put("pulses", Long.MAX_VALUE);
    fixture.publish(large);
    fixture.publish(event(1, 1, 0));

    assertThat(rows.sum(rows.find(1, 0), 0)).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void rowsStayApartWhenTheTableGrows() {
    for (int source = 0; source < 100_000; source++) {
      fixture.publish(event(source, 60_000L * (source % 3), source));
    }

    assertThat(rows.size()).isEqualTo(100_000);
    for (int source = 0; source < 100_000; source++) {
      final int row = rows.find(source, 60_000L * (source % 3));
      assertThat(rows.average(row, 0)).isEqualTo(source);
    }
    assertThat(rows.find(1, 0)).isEqualTo(-1);
  }

  private static GenericRecord withModel(final GenericRecord event, final int model) {
    event.put("model", model);
    return event;
  }
}
