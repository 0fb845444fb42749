package io.millrace.audit;

import io.millrace.audit.Findings.Fault;
import io.millrace.audit.TakenOut.Side;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.AuthenticationFactory;
import org.apache.pulsar.client.api.ClientBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * Reads the topic from its beginning, recomputes every row, and compares. It expects a pipeline at
 * rest: what has not arrived counts as lost.
 */
public final class Audit {

  private static final String LATE_SUFFIX = "-late";
  private static final String DEAD_LETTER_SUFFIX = "-dead-letter";

  /**
   * Where to look.
   *
   * @param domain name of the domain file
   * @param serviceUrl of Pulsar, {@code pulsar://host:port}
   * @param tokenFile with a token that the broker accepts, if it asks for one
   * @param topic full name, or the domain's
   * @param clickhouseUrl {@code jdbc:clickhouse:…}
   * @param table {@code database.table}, or the domain's
   * @param password of the ClickHouse user; empty for none
   * @param maxAhead how far ahead of the clock the job believes event times
   * @param maxAge how far behind it
   */
  public record Settings(
      String domain,
      String serviceUrl,
      Optional<Path> tokenFile,
      Optional<String> topic,
      String clickhouseUrl,
      Optional<String> table,
      String user,
      String password,
      Duration maxAhead,
      Duration maxAge) {}

  private final Settings settings;
  private final PrintStream progress;
  private final AuditedDomain domain;
  private final Findings findings = new Findings();

  /**
   * @param progress where to tell how far the audit is
   * @throws AuditException if the domain is unknown
   */
  public Audit(final Settings settings, final PrintStream progress) {
    this.settings = settings;
    this.progress = progress;
    this.domain = AuditedDomain.load(settings.domain());
  }

  /**
   * Carries the audit out.
   *
   * @throws AuditException if Pulsar or ClickHouse cannot be read
   */
  public AuditReport run() {
    final String topic = settings.topic().orElse(domain.topic());
    final String table = settings.table().orElse(domain.table());
    try (Connection connection = connect();
        PulsarClient client = pulsar()) {
      final TableScan rows = new TableScan(connection, domain, table);
      // before the topic is read, which takes long
      rows.check();
      final TopicScan events = TopicScan.of(client, topic);
      final TakenOut takenOut = new TakenOut(findings);
      readTakenOut(client, topic + LATE_SUFFIX, Side.LATE, takenOut);
      readTakenOut(client, topic + DEAD_LETTER_SUFFIX, Side.DEAD_LETTER, takenOut);
      final ExpectedRows expected = new ExpectedRows(domain);
      final TopicAccount account = new TopicAccount(domain, rules(), takenOut, expected, findings);
      final long produced = readEvents(events, account);
      takenOut.finish();
      final RowComparison comparison = compare(rows, expected);
      return report(topic, table, produced, takenOut, account.producers(), comparison);
    } catch (PulsarClientException e) {
      throw AuditException.because("Pulsar at " + settings.serviceUrl() + " cannot be used", e);
    } catch (SQLException e) {
      throw AuditException.because(
          "ClickHouse at " + settings.clickhouseUrl() + " cannot be read", e);
    }
  }

  private Connection connect() throws SQLException {
    final Properties properties = new Properties();
    properties.setProperty("user", settings.user());
    properties.setProperty("password", settings.password());
    return DriverManager.getConnection(settings.clickhouseUrl(), properties);
  }

  private PulsarClient pulsar() throws PulsarClientException {
    final ClientBuilder builder = PulsarClient.builder();
    settings
        .tokenFile()
        .map(file -> AuthenticationFactory.token(() -> token(file)))
        .ifPresent(builder::authentication);
    return builder.serviceUrl(settings.serviceUrl()).operationTimeout(20, TimeUnit.SECONDS).build();
  }

  /** Read at every connection: tokens are renewed while a long audit runs. */
  private static String token(final Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the token file " + file, e);
    }
  }

  private EventRules rules() {
    return new EventRules(
        domain,
        new EventRules.Times(settings.maxAhead(), settings.maxAge()),
        System.currentTimeMillis());
  }

  private static void readTakenOut(
      final PulsarClient client, final String topic, final Side side, final TakenOut takenOut) {
    TopicScan.ofOptional(client, topic).readBytes(copy -> takenOut.add(side, copy));
  }

  private long readEvents(final TopicScan events, final TopicAccount account) {
    final Progress messages = new Progress(progress, "messages read");
    final long produced =
        events.readEvents(
            domain.schema(),
            message -> {
              account.add(message);
              messages.step();
            });
    messages.print();
    return produced;
  }

  private RowComparison compare(final TableScan table, final ExpectedRows expected)
      throws SQLException {
    final RowComparison comparison = new RowComparison(domain, expected, findings);
    final Progress rows = new Progress(progress, "rows compared");
    table.read(
        row -> {
          comparison.add(row);
          rows.step();
        });
    rows.print();
    comparison.finish();
    return comparison;
  }

  private AuditReport report(
      final String topic,
      final String table,
      final long produced,
      final TakenOut takenOut,
      final ProducerAccounts producers,
      final RowComparison comparison) {
    final Delays delays = comparison.delays();
    return new AuditReport(
        settings.domain(),
        topic,
        table,
        produced,
        comparison.aggregated(),
        takenOut.count(Side.LATE),
        takenOut.count(Side.DEAD_LETTER),
        findings.count(Fault.LOST),
        findings.count(Fault.DUPLICATED),
        findings.count(Fault.MISMATCHED),
        findings.count(Fault.MISPLACED),
        takenOut.deadLetterReasons(),
        producers.accounts(),
        comparison.rows(),
        comparison.windows(),
        new AuditReport.Quantiles(delays.quantile(0.5), delays.quantile(0.99), delays.quantile(1)),
        findings.count(Fault.SEQUENCE_REPEATS),
        findings.count(Fault.SEQUENCE_GAPS),
        examples());
  }

  private Map<String, List<AuditReport.Example>> examples() {
    final Map<String, List<AuditReport.Example>> examples = new LinkedHashMap<>();
    findings
        .examples()
        .forEach((fault, list) -> examples.put(fault.name().toLowerCase(Locale.ROOT), list));
    return examples;
  }
}
