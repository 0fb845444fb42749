package io.millrace.audit;

import io.millrace.audit.Corrections.Correction;
import io.millrace.audit.Corrections.Kind;
import io.millrace.audit.EventRules.Place;
import io.millrace.audit.TakenOut.Copy;
import io.millrace.audit.TakenOut.Side;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * Makes the rows of a range of time anew from the topic, and corrects those of the table that are
 * missing, wrong or there more than once. A corrected row counts every event of its window, those
 * included that were late for the job. What is right is not touched, so that repeating it changes
 * nothing, and an interrupted one is completed by the next.
 */
public final class Recompute {

  /** The job may still write windows that ended later before now. */
  public static final Duration HORIZON = Duration.ofMinutes(10);

  /** The table must have rows of windows that begin so long after the end of the range. */
  private static final Duration MARGIN = Duration.ofMinutes(5);

  private static final String NAME = "recompute";

  /** Rows that are inserted, and what they supersede deleted, before the next ones are. */
  private static final int BATCH = 5_000;

  /** Which share of the heap the rows may take. */
  private static final double HEAP_SHARE = 0.6;

  /**
   * Where to look.
   *
   * @param domain name of the domain file
   * @param serviceUrl of Pulsar, {@code pulsar://host:port}
   * @param tokenFile with a token that the broker accepts, if it asks for one
   * @param topic full name, or the domain's
   * @param replicas where the rows are: all shards of the cluster
   * @param table {@code database.table} of each shard, or the domain's
   * @param password of the ClickHouse user; empty for none
   * @param maxAhead how far ahead of the clock the job believes event times
   * @param maxAge how far behind it
   * @param from start of the first window, a full minute
   * @param to end of the last one, a full minute after {@code from}
   * @param source the only one that is corrected, as the key column shows it; empty for all
   * @param otherSources rows of sources from this number on are another writer's
   * @param atRest whether no job runs, so that every window is over
   * @param dryRun whether nothing is changed
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
      Duration maxAhead,
      Duration maxAge,
      Instant from,
      Instant to,
      Optional<String> source,
      long otherSources,
      boolean atRest,
      boolean dryRun) {}

  /**
   * What was found, and unless it was a dry run, corrected.
   *
   * @param events of the range
   * @param late those of them that have a copy in the late topic
   * @param rows that the range must have
   * @param missing rows that were not there
   * @param wrong rows that were there once and wrong
   * @param doubled rows that were there more than once
   * @param withoutMessages rows that no message is for; they are left alone
   */
  public record Result(
      long events,
      long late,
      long rows,
      long missing,
      long wrong,
      long doubled,
      long withoutMessages) {

    /** Rows that were not as they must be. */
    public long corrections() {
      return missing + wrong + doubled;
    }
  }

  private final Settings settings;
  private final PrintStream progress;
  private final UnaryOperator<CorrectedTable> access;
  private final AuditedDomain domain;
  private final TimeRange range;
  private final OptionalLong source;
  private final ExpectedRows rows;
  private final long mostRows;
  private long events;
  private long late;

  /**
   * @param progress where to tell how far it is
   * @throws AuditException if the domain is unknown, or has no such source
   */
  public Recompute(final Settings settings, final PrintStream progress) {
    this(settings, progress, UnaryOperator.identity());
  }

  /**
   * @param access by which the table is changed
   */
  Recompute(
      final Settings settings,
      final PrintStream progress,
      final UnaryOperator<CorrectedTable> access) {
    this.access = access;
    this.settings = settings;
    this.progress = progress;
    this.domain = AuditedDomain.load(settings.domain());
    this.range = new TimeRange(settings.from().toEpochMilli(), settings.to().toEpochMilli());
    this.source = settings.source().map(this::code).orElse(OptionalLong.empty());
    this.rows = new ExpectedRows(domain);
    this.mostRows = (long) (Runtime.getRuntime().maxMemory() * HEAP_SHARE) / rows.rowBytes();
  }

  private OptionalLong code(final String text) {
    try {
      return OptionalLong.of(domain.key().text().code(text));
    } catch (NumberFormatException e) {
      throw new AuditException(
          "No source of the domain is called '"
              + text
              + "'; name it as the column "
              + domain.key().column()
              + " shows it",
          e);
    }
  }

  /**
   * Corrects the rows.
   *
   * @throws AuditException if that must not be done, or Pulsar or ClickHouse cannot be used
   */
  public Result run() {
    final String topic = settings.topic().orElse(domain.topic());
    final Properties login = new Properties();
    login.setProperty("user", settings.user());
    login.setProperty("password", settings.password());
    try (PulsarClient client = PulsarAccess.open(settings.serviceUrl(), settings.tokenFile());
        ShardTables table =
            new ShardTables(
                settings.replicas(),
                domain,
                rows,
                settings.table().orElse(domain.table()),
                login)) {
      table.check();
      requireOver(table);
      requireWhole(client, topic);
      readEvents(client, topic);
      final Corrections corrections =
          new Corrections(domain, rows, table.size(), settings.otherSources());
      readRows(table, corrections);
      final List<Correction> list = corrections.list();
      if (!settings.dryRun()) {
        apply(list, access.apply(table));
      }
      return result(list, corrections);
    } catch (PulsarClientException e) {
      throw AuditException.because("Pulsar at " + settings.serviceUrl() + " cannot be used", e);
    } catch (SQLException e) {
      throw AuditException.because(
          "ClickHouse did not answer as it should; what was corrected stays, repeat the command",
          e);
    }
  }

  private void requireOver(final ShardTables table) throws SQLException {
    final long after = range.to() + MARGIN.toMillis();
    if (!settings.atRest() && !table.hasRowFrom(after, settings.otherSources())) {
      throw new AuditException(
          "The table has no row of a window from "
              + Instant.ofEpochMilli(after)
              + " on, so a job may still write windows before "
              + settings.to()
              + ": choose an earlier --to, or say --at-rest if no job runs");
    }
  }

  private void requireWhole(final PulsarClient client, final String topic) {
    final long whole =
        TopicScan.of(client, topic, OptionalLong.empty()).firstWholeWindow(settings.maxAhead());
    if (range.from() < whole) {
      throw new AuditException(
          "The topic does not hold every message of windows before "
              + Instant.ofEpochMilli(whole)
              + " any more: that is the earliest --from");
    }
  }

  private void readEvents(final PulsarClient client, final String topic) {
    final OptionalLong since = OptionalLong.of(range.firstStored(settings.maxAhead()));
    final TopicScan scan = TopicScan.of(client, topic, since);
    final TakenOut takenOut = new TakenOut(range, new Findings());
    for (Side side : Side.values()) {
      TopicScan.ofOptional(client, topic + side.suffix(), since)
          .readBytes(copy -> takenOut.add(side, copy));
    }
    final EventRules rules =
        new EventRules(domain, new EventRules.Times(settings.maxAhead(), settings.maxAge()));
    final Progress messages = new Progress(progress, NAME, "messages read");
    scan.readEvents(
        domain.schema(),
        message -> {
          add(message, rules.judge(message), takenOut.take(message));
          messages.step();
        });
    messages.print();
  }

  private void add(
      final TopicMessage message, final EventRules.Judgement judgement, final Copy copy) {
    if (judgement.place() == Place.DEAD_LETTER || copy != null && copy.side() == Side.DEAD_LETTER) {
      return;
    }
    final long time = (Long) judgement.event().get(domain.time().position());
    final long key = ((Number) judgement.event().get(domain.key().position())).longValue();
    if (!range.contains(ExpectedRows.windowOf(time))
        || source.isPresent() && source.getAsLong() != key) {
      return;
    }
    rows.add(judgement.event(), message, copy != null);
    events++;
    late += copy == null ? 0 : 1;
    if (rows.size() > mostRows) {
      throw new AuditException(
          "The rows of this range do not fit into memory, which has room for "
              + mostRows
              + ": choose a shorter one, name a --key, or give Java more memory"
              + " (JAVA_TOOL_OPTIONS=-XX:MaxRAMPercentage=70)");
    }
  }

  private void readRows(final ShardTables table, final Corrections corrections)
      throws SQLException {
    final Progress compared = new Progress(progress, NAME, "rows compared");
    final String name = settings.table().orElse(domain.table());
    table.read(
        connection -> new TableScan(connection, domain, name, range, settings.source()),
        corrections,
        compared);
    compared.print();
  }

  /** Inserts and deletes, a batch after the other, so that two rows are not seen for long. */
  private void apply(final List<Correction> corrections, final CorrectedTable table)
      throws SQLException {
    final Progress corrected = new Progress(progress, NAME, "rows corrected");
    for (int from = 0; from < corrections.size(); from += BATCH) {
      final List<Correction> batch =
          corrections.subList(from, Math.min(corrections.size(), from + BATCH));
      final Map<Integer, List<Correction>> inserts = new TreeMap<>();
      final Map<Integer, List<Correction>> deletions = new TreeMap<>();
      for (Correction correction : batch) {
        if (correction.version() > 0) {
          inserts.computeIfAbsent(correction.shard(), s -> new ArrayList<>()).add(correction);
        }
        correction
            .shards()
            .forEach(s -> deletions.computeIfAbsent(s, key -> new ArrayList<>()).add(correction));
      }
      for (Map.Entry<Integer, List<Correction>> shard : inserts.entrySet()) {
        table.insert(shard.getKey(), shard.getValue());
      }
      for (Map.Entry<Integer, List<Correction>> shard : deletions.entrySet()) {
        table.delete(shard.getKey(), shard.getValue());
      }
      batch.forEach(correction -> corrected.step());
    }
    if (!corrections.isEmpty()) {
      corrected.print();
    }
  }

  private Result result(final List<Correction> list, final Corrections corrections) {
    return new Result(
        events,
        late,
        rows.size(),
        count(list, Kind.MISSING),
        count(list, Kind.WRONG),
        count(list, Kind.DOUBLED),
        corrections.withoutMessages());
  }

  private static long count(final List<Correction> list, final Kind kind) {
    return list.stream().filter(correction -> correction.kind() == kind).count();
  }
}
