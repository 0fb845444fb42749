package io.millrace.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.pipeline.RunReport;
import io.millrace.local.pipeline.SomeRunOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a person reads at the end of a run. */
class SummaryTest {

  private static final RunReport.ProducerAccount OURS =
      new RunReport.ProducerAccount(225_000, 0, 0);

  @Test
  void messagesThatOthersWroteMeanwhileAreNamedAndTheSentenceBalances() {
    final RunReport report =
        report(
            2_000,
            227_000,
            Map.of("millrace-iot-0", OURS, "python", new RunReport.ProducerAccount(2_000, 0, 0)));

    assertThat(report.balances()).isTrue();
    assertThat(printed(report, false))
        .contains(
            "audit PASS: produced 225,000 + of others 2,000 = aggregated 227,000 + late 0"
                + " + dead letters 0\n",
            "  messages of python: 2,000 in rows, 0 late, 0 dead letters\n")
        .doesNotContain("does not hold");
  }

  @Test
  void aSumThatIsWrongIsCalledWrong() {
    final RunReport report = report(0, 224_999, Map.of("millrace-iot-0", OURS));

    assertThat(report.balances()).isFalse();
    assertThat(printed(report, false))
        .contains(
            "produced 225,000 = aggregated 224,999 + late 0 + dead letters 0 does not hold\n");
  }

  @Test
  void lateEventsOfTheRunsOwnProducersAreNamed() {
    final RunReport report =
        report(
            0,
            224_000,
            1_000,
            Map.of("millrace-iot-0", new RunReport.ProducerAccount(224_000, 1_000, 0)));

    assertThat(printed(report, false))
        .contains("  late events of the run's own producers 1,000; there must be none\n");
    assertThat(printed(report(0, 225_000, Map.of("millrace-iot-0", OURS)), false))
        .doesNotContain("there must be none");
  }

  @Test
  void aFigureThatNothingGaveIsNotShownAsZero() {
    assertThat(printed(report(0, 225_000, Map.of("millrace-iot-0", OURS)), false))
        .contains(
            "publish latency unknown, largest lag 12,234 messages\n",
            "window end to visible row: no window ended while events were produced\n")
        .doesNotContain("0.0 s", "0.0 ms", "null");
  }

  @Test
  void aRunThatIsHeldSaysHowToEndIt() {
    final RunReport report = report(0, 225_000, Map.of("millrace-iot-0", OURS));

    assertThat(printed(report, true))
        .endsWith(
            "everything stays up until Ctrl-C or kill " + ProcessHandle.current().pid() + "\n");
    assertThat(printed(report, false)).doesNotContain("stays up");
  }

  private static String printed(final RunReport report, final boolean hold) {
    final StringWriter out = new StringWriter();
    Summary.print(report, SomeRunOptions.of(1_000, 1, Duration.ZERO, hold), new PrintWriter(out));
    return out.toString().replace(System.lineSeparator(), "\n");
  }

  private static RunReport report(
      final long others,
      final long aggregated,
      final Map<String, RunReport.ProducerAccount> producers) {
    return report(others, aggregated, 0, producers);
  }

  /** Of a run in which no window ended and whose latency is not known. */
  private static RunReport report(
      final long others,
      final long aggregated,
      final long late,
      final Map<String, RunReport.ProducerAccount> producers) {
    return new RunReport(
        "iot",
        15_000,
        1_000,
        15,
        225_000,
        225_000,
        225_000,
        0,
        others,
        aggregated,
        late,
        late,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        Map.of(),
        producers,
        1_000,
        1,
        15_000,
        12_234,
        RunReport.Visibility.UNKNOWN,
        RunReport.Latency.UNKNOWN,
        Map.of("broker", 700L << 20),
        Map.of(),
        null,
        "PASS");
  }
}
