package io.millrace.audit;

import io.millrace.audit.Findings.Fault;
import io.millrace.audit.TakenOut.Side;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * Reads the topic, recomputes every row, and compares. Of everything it expects a pipeline at rest:
 * what has not arrived counts as lost. A range of time can be audited while the pipeline runs.
 */
public final class Audit {

  /** A window that ended so long ago has its rows, in a pipeline that runs. */
  public static final Duration SETTLING = Duration.ofMinutes(5);

  /**
   * Where to look.
   *
   * @param domain name of the domain file
   * @param serviceUrl of Pulsar, {@code pulsar://host:port}
   * @param tokenFile with a token that the broker accepts, if it asks for one
   * @param topic full name, or the domain's
   * @param replicas where the rows are
   * @param table {@code database.table}, or the domain's
   * @param password of the ClickHouse user; empty for none
   * @param job how the job is set
   * @param from start of the first window; with neither {@code from} nor {@code to} all are audited
   * @param to end of the last one, at least {@link #SETTLING} ago
   * @param otherSources rows of sources from this number on that no message names are another
   *     writer's
   * @param producerReports of the processes that produced, in their order
   * @param drainedAt when the job was told to close every window, if it was
   */
  public record Settings(
      String domain,
      String serviceUrl,
      Optional<Path> tokenFile,
      Optional<String> topic,
      Replicas replicas,
      Optional<String> table,
      String user,
      String password,
      JobSettings job,
      Optional<Instant> from,
      Optional<Instant> to,
      long otherSources,
      List<Path> producerReports,
      Optional<Instant> drainedAt) {}

  /**
   * What the job was told.
   *
   * @param maxAhead how far ahead of the clock it believes event times
   * @param maxAge how far behind it
   * @param outOfOrderness how much later than a later event of its producer an event may come
   * @param idleTimeout how far a partition without active producers is behind the clock
   * @param producerTimeout after how long without its events a producer is not active any more
   * @param maxLag a producer whose events are all older than this has a wrong clock
   */
  public record JobSettings(
      Duration maxAhead,
      Duration maxAge,
      Duration outOfOrderness,
      Duration idleTimeout,
      Duration producerTimeout,
      Duration maxLag) {}

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
    final Map<String, ProducerReports.Confirmed> confirmed =
        ProducerReports.read(settings.producerReports());
    try (PulsarClient client = PulsarAccess.open(settings.serviceUrl(), settings.tokenFile())) {
      final TimeRange range = range(client, topic);
      final StoredRows rows =
          new StoredRows(
              settings.replicas(), domain, table, range, settings.user(), settings.password());
      // before the topic is read, which takes long
      rows.check();
      // a row that is restated meanwhile is found wrong, and right the next time
      final RestatedRows restated = rows.restated();
      final TopicScan events = TopicScan.of(client, topic, readFrom(range));
      final TakenOut takenOut = new TakenOut(range, findings);
      readTakenOut(client, topic, Side.LATE, range, takenOut);
      readTakenOut(client, topic, Side.DEAD_LETTER, range, takenOut);
      final ExpectedRows expected = new ExpectedRows(domain);
      final TopicAccount account =
          new TopicAccount(
              domain, range, rules(), policy(), takenOut, restated, expected, findings);
      readEvents(events, account);
      account.finish(confirmed);
      takenOut.finish(events::hasRead, events::isUnreadable);
      return report(topic, table, range, account, takenOut, compare(rows, expected));
    } catch (PulsarClientException e) {
      throw AuditException.because("Pulsar at " + settings.serviceUrl() + " cannot be used", e);
    }
  }

  /**
   * The windows to audit. Where retention has taken messages away, they begin after the oldest
   * message that every partition still has.
   */
  private TimeRange range(final PulsarClient client, final String topic) {
    if (settings.from().isEmpty() && settings.to().isEmpty()) {
      return TimeRange.ALL;
    }
    final long to =
        ExpectedRows.windowOf(
            settings.to().orElseGet(() -> Instant.now().minus(SETTLING)).toEpochMilli());
    final long asked = settings.from().map(Instant::toEpochMilli).orElse(0L);
    final long from =
        Math.max(
            ExpectedRows.windowOf(asked + ExpectedRows.WINDOW_MILLIS - 1),
            TopicScan.of(client, topic, OptionalLong.empty())
                .firstWholeWindow(settings.job().maxAhead()));
    if (from >= to) {
      throw new AuditException(
          "No whole window is left to audit from %s to %s: choose --from and --to so that the topic still has their messages"
              .formatted(Instant.ofEpochMilli(from), Instant.ofEpochMilli(to)));
    }
    final TimeRange range = new TimeRange(from, to);
    progress.println(
        "audit: windows from " + Instant.ofEpochMilli(from) + " to " + Instant.ofEpochMilli(to));
    return range;
  }

  /** When the first message was stored that can belong to a range. */
  private OptionalLong readFrom(final TimeRange range) {
    return range.isAll()
        ? OptionalLong.empty()
        : OptionalLong.of(range.firstStored(settings.job().maxAhead()));
  }

  private EventRules rules() {
    return new EventRules(
        domain, new EventRules.Times(settings.job().maxAhead(), settings.job().maxAge()));
  }

  private Lateness.Policy policy() {
    return new Lateness.Policy(
        settings.job().outOfOrderness(),
        settings.job().idleTimeout(),
        settings.job().producerTimeout(),
        settings.job().maxLag());
  }

  private void readTakenOut(
      final PulsarClient client,
      final String topic,
      final Side side,
      final TimeRange range,
      final TakenOut takenOut) {
    TopicScan.ofOptional(client, topic + side.suffix(), readFrom(range))
        .readBytes(copy -> takenOut.add(side, copy));
  }

  private void readEvents(final TopicScan events, final TopicAccount account) {
    final Progress messages = new Progress(progress, "audit", "messages read");
    events.readEvents(
        domain.schema(),
        message -> {
          account.add(message);
          messages.step();
        });
    messages.print();
  }

  private RowComparison compare(final StoredRows stored, final ExpectedRows expected) {
    final RowComparison comparison =
        new RowComparison(
            domain,
            expected,
            findings,
            new RowComparison.OtherWriters(settings.otherSources()),
            settings.drainedAt());
    final Progress rows = new Progress(progress, "audit", "rows compared");
    stored.compare(comparison, findings, rows);
    rows.print();
    comparison.finish();
    return comparison;
  }

  private AuditReport report(
      final String topic,
      final String table,
      final TimeRange range,
      final TopicAccount account,
      final TakenOut takenOut,
      final RowComparison comparison) {
    final Delays delays = comparison.delays();
    return new AuditReport(
        settings.domain(),
        topic,
        table,
        range.isAll() ? null : Instant.ofEpochMilli(range.from()).toString(),
        range.isAll() ? null : Instant.ofEpochMilli(range.to()).toString(),
        account.messages() + takenOut.unreadable(),
        comparison.aggregated(),
        takenOut.count(Side.LATE),
        takenOut.count(Side.DEAD_LETTER),
        account.restated(),
        findings.count(Fault.LOST),
        findings.count(Fault.DUPLICATED),
        findings.count(Fault.MISMATCHED),
        findings.count(Fault.MISPLACED),
        takenOut.deadLetterReasons(),
        account.producers().accounts(),
        comparison.rows(),
        comparison.windows(),
        new AuditReport.Quantiles(delays.quantile(0.5), delays.quantile(0.99), delays.quantile(1)),
        findings.count(Fault.SEQUENCE_REPEATS),
        findings.count(Fault.SEQUENCE_GAPS),
        findings.count(Fault.UNEXPLAINED_LATE),
        findings.count(Fault.UNCLOSED_WINDOWS),
        findings.count(Fault.MISPLACED_ROWS),
        findings.count(Fault.REPLICA_DIFFERENCES),
        comparison.foreignRows(),
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
