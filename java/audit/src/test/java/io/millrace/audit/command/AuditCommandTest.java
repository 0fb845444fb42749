package io.millrace.audit.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AuditCommandTest {

  private static final String PULSAR = "pulsar://127.0.0.1:1";
  private static final String CLICKHOUSE = "jdbc:clickhouse://127.0.0.1:1";

  @Test
  void wrongUsageIsNamed() {
    assertThat(run("--service-url", PULSAR)).startsWith("2 Missing required option");
    assertThat(run("--service-url", "http://x", "--clickhouse-url", CLICKHOUSE))
        .startsWith("2 --service-url is 'http://x'");
    assertThat(run("--service-url", PULSAR, "--clickhouse-url", "x"))
        .startsWith("2 --clickhouse-url is 'x'");
    assertThat(
            run(
                "--service-url",
                PULSAR,
                "--clickhouse-url",
                CLICKHOUSE,
                "--token-file",
                "/nonexistent"))
        .startsWith("2 --token-file is '/nonexistent'");
    assertThat(run("--service-url", PULSAR, "--clickhouse-url", CLICKHOUSE + ",http://replica"))
        .startsWith("2 --clickhouse-url is 'http://replica'; it must begin with jdbc:clickhouse:");
    assertThat(
            run(
                "--service-url",
                PULSAR,
                "--clickhouse-url",
                CLICKHOUSE,
                "--producer-report",
                "/nonexistent"))
        .startsWith("2 --producer-report is '/nonexistent'");
    assertThat(
            run(
                "--service-url",
                PULSAR,
                "--clickhouse-url",
                CLICKHOUSE,
                "--to",
                Instant.now().minusSeconds(60).toString()))
        .contains("2 --to is ", "it must be ", "since younger windows may still be open");
    assertThat(run("--service-url", PULSAR, "--clickhouse-url", CLICKHOUSE, "--from", "yesterday"))
        .startsWith("2 Invalid value for option '--from'");
    assertThat(run("--domain", "nosuch", "--service-url", PULSAR, "--clickhouse-url", CLICKHOUSE))
        .startsWith("2 Unknown domain 'nosuch'");
  }

  @Test
  void anUnreachableServerIsNamedInOneSentence() {
    assertThat(run("--service-url", PULSAR, "--clickhouse-url", CLICKHOUSE))
        .startsWith("1 ClickHouse at " + CLICKHOUSE + " cannot be read: ")
        .hasLineCount(1);
  }

  private static String run(final String... arguments) {
    final StringWriter err = new StringWriter();
    final int exitCode = AuditCommand.commandLine().setErr(new PrintWriter(err)).execute(arguments);
    return exitCode + " " + err;
  }
}
