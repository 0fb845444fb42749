package io.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class EventDataProducerTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--rate 0 | '0' is not a rate",
        "--rate -5 | '-5' is not a rate",
        "--rate fast | 'fast' is not a rate",
        "--rate NaN | 'NaN' is not a rate",
        "--duration abc | 'abc' is not a duration",
        "--duration 0s | --duration 0 is not valid",
        "--duration 90 | '90' is not a duration",
        "--batch-delay 0ms | --batch-delay 0 is not valid",
        "--domain nothing | Unknown domain 'nothing'",
        "--sources 0 | --sources 0 is not valid",
        "--ordinal 2 --replicas 2 | --ordinal 2 is not valid: give a number from 0 to 1",
        "--replicas 11 --sources 10 | --replicas 11 is not valid",
        "--threads 0 | --threads 0 is not valid",
        "--http-port 70000 | --http-port 70000 is not valid",
        "--service-url http://x | --service-url http://x is not valid",
        "--clock-offset soon | 'soon' is not a duration",
        "--clock-offset=-6m | --clock-offset -360s is not valid: give a duration from -5m to 5m",
        "--name a/b | --name a/b is not valid",
        "--token-file /nowhere | --token-file /nowhere is not valid",
        "--bogus | Unknown option: '--bogus'",
      })
  void refusesBadUsageWithOneSentence(final String arguments, final String sentence) {
    final StringWriter errors = new StringWriter();
    final int exitCode =
        EventDataProducer.commandLine()
            .setErr(new PrintWriter(errors))
            .execute(arguments.trim().split(" "));
    assertThat(exitCode).isEqualTo(2);
    assertThat(errors.toString()).contains(sentence.trim());
    assertThat(errors.toString().strip().lines()).hasSize(1);
  }

  @Test
  void aPortInUseIsAFailureWithOneSentence() throws Exception {
    final StringWriter errors = new StringWriter();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      final int exitCode =
          EventDataProducer.commandLine()
              .setErr(new PrintWriter(errors))
              .execute("--http-port", Integer.toString(taken.getLocalPort()));
      assertThat(exitCode).isEqualTo(1);
    }
    assertThat(errors.toString()).startsWith("Cannot listen on 127.0.0.1:");
    assertThat(errors.toString().strip().lines()).hasSize(1);
  }

  /** Under another name the broker would take what is sent again for new. */
  @Test
  void itsNameAtTheBrokerIsTheSameInEveryLanguage() {
    final Locale before = Locale.getDefault();
    try {
      for (final String language : List.of("en-US", "ar-EG", "fa-IR", "tr-TR")) {
        Locale.setDefault(Locale.forLanguageTag(language));
        assertThat(config().producerName(7)).isEqualTo("millrace-iot-0-p7");
      }
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void hasTheDefaultsOfTheDomain() {
    final ProducerConfig config = config();
    assertThat(config.topic()).isEqualTo("persistent://public/default/iot-sensor-data");
    assertThat(config.rate()).isEqualTo(new TargetRate(20_000));
    assertThat(config.assignment()).isEqualTo(new SourceAssignment(100_000, 0, 1));
    assertThat(config.duration()).isEmpty();
    assertThat(config.report()).isEmpty();
    assertThat(config.tokenFile()).isEmpty();
    assertThat(config.http().getAddress().isLoopbackAddress()).isTrue();
    assertThat(config.batching())
        .isEqualTo(new ProducerConfig.Batching(Duration.ofMillis(5), 1 << 20, 5_000));
    assertThat(config.producerName(3)).isEqualTo("millrace-iot-0-p3");
  }

  @Test
  void readsEveryOption() {
    final ProducerConfig config =
        config(
            "--rate=max",
            "--duration=3m",
            "--ordinal=1",
            "--replicas=4",
            "--sources=10",
            "--name=blue",
            "--batch-delay=20ms",
            "--clock-offset=-1s500ms",
            "--report=out.json");
    assertThat(config.rate().isUnlimited()).isTrue();
    assertThat(config.ownRate().isUnlimited()).isTrue();
    assertThat(config.duration()).contains(Duration.ofMinutes(3));
    assertThat(config.assignment().owned()).isEqualTo(3);
    assertThat(config.producerName(0)).isEqualTo("millrace-blue-1-p0");
    assertThat(config.batching().delay()).isEqualTo(Duration.ofMillis(20));
    assertThat(config.clock().at(3_000_000_000_000L))
        .isEqualTo(EventClock.accelerated(1, Duration.ofMinutes(3)).at(3_000_000_000_000L) - 1_500);
    assertThat(config.report()).contains(Path.of("out.json"));
  }

  private static ProducerConfig config(final String... arguments) {
    final CommandLine commandLine = EventDataProducer.commandLine();
    commandLine.parseArgs(arguments);
    return commandLine.<EventDataProducer>getCommand().config();
  }
}
