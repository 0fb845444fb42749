package io.millrace.audit;

import io.millrace.audit.TakenOut.Side;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** A small domain, a topic and a table in memory: what a test puts there is what the audit sees. */
final class Fixture {

  static final String AVSC =
      """
      {"type": "record", "name": "Meter", "table": "t.meters", "topic": "persistent://a/b/meters",
       "fields": [
        {"name": "meterId", "type": "int", "role": "key", "column": "meter", "format": "m_%d"},
        {"name": "model", "type": "int", "role": "dimension", "labels": {"1": "small"}},
        {"name": "height", "type": "float", "role": "dimension"},
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"},
         "role": "time", "column": "time"},
        {"name": "power", "type": "double", "role": "measure", "alert": {"above": 10}},
        {"name": "level", "type": "float", "role": "measure", "alert": {"below": -5}},
        {"name": "open", "type": "boolean", "role": "state"},
        {"name": "pulses", "type": "long", "role": "counter"}
       ]}
      """;

  /** When all messages are published, and audited. */
  static final long NOW = 3_600_000;

  private static final Schema SCHEMA = new Schema.Parser().parse(AVSC);

  final AuditedDomain domain = AuditedDomain.parse(AVSC);
  final Findings findings = new Findings();
  final TakenOut takenOut;
  final RestatedRows restated = new RestatedRows(domain);
  final ExpectedRows expected = new ExpectedRows(domain);
  private final TimeRange range;
  private final TopicAccount account;
  private final Map<String, ProducerReports.Confirmed> confirmed = new HashMap<>();
  private final Map<Integer, Long> sequences = new HashMap<>();
  private final Set<Long> unreadable = new HashSet<>();
  private long entry;
  private long now = NOW;
  private Optional<Instant> drainedAt = Optional.empty();
  RowComparison comparison;

  Fixture() {
    this(TimeRange.ALL);
  }

  /** A fixture of which a range of time is audited. */
  Fixture(final TimeRange range) {
    this.range = range;
    this.takenOut = new TakenOut(range, findings);
    this.account =
        new TopicAccount(
            domain,
            range,
            new EventRules(
                domain, new EventRules.Times(Duration.ofMinutes(5), Duration.ofDays(30))),
            new Lateness.Policy(
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                Duration.ofMinutes(1),
                Duration.ofMinutes(5)),
            takenOut,
            restated,
            expected,
            findings);
  }

  /** An event with readings that raise no alert. */
  static GenericRecord event(final int meter, final long time, final double power) {
    final GenericRecord event = new GenericData.Record(SCHEMA);
    event.put("meterId", meter);
    event.put("model", 1);
    event.put("height", 1.5f);
    event.put("at", time);
    event.put("power", power);
    event.put("level", 0f);
    event.put("open", false);
    event.put("pulses", 1L);
    return event;
  }

  static byte[] encode(final GenericRecord event) {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    try {
      new GenericDatumWriter<GenericRecord>(event.getSchema()).write(event, encoder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Puts an event in the topic; returns the message. */
  TopicMessage publish(final GenericRecord event) {
    return publish(0, event.getSchema(), encode(event));
  }

  /** The same in another partition. */
  TopicMessage publishElsewhere(final GenericRecord event) {
    return publish(1, event.getSchema(), encode(event));
  }

  TopicMessage publish(final byte[] payload) {
    return publish(0, domain.schema(), payload);
  }

  /** The next message of partition 0 has this sequence id, and the ones after it follow. */
  void continueAt(final long sequenceId) {
    sequences.put(0, sequenceId);
  }

  /** What is published from here on reaches the broker at this time. */
  void at(final long millis) {
    now = millis;
  }

  private TopicMessage publish(final int partition, final Schema writer, final byte[] payload) {
    final long sequenceId = sequences.merge(partition, 1L, Long::sum) - 1;
    final TopicMessage message =
        new TopicMessage(
            new Origin(partition, 7, entry++, -1),
            producer(partition),
            sequenceId,
            now,
            false,
            writer,
            payload,
            Map.of());
    account.add(message);
    return message;
  }

  /** Name of the producer of a partition's messages. */
  static String producer(final int partition) {
    return "millrace-meters-0-p" + partition;
  }

  /** The next entry of partition 0 is one that no client can read; the job names it as usual. */
  void damageNextEntry(final Side side) {
    takeOut(side, "cannot be decompressed", "0", "7:" + entry + ":-1", new byte[] {1});
    unreadable.add(entry++);
  }

  /** Puts into a late or dead-letter topic the message that the next {@link #publish} makes. */
  void takeOutNext(final Side side, final String reason, final byte[] payload) {
    takeOut(side, reason, "0", "7:" + entry + ":-1", payload);
  }

  /** The same for {@link #publishElsewhere}. */
  void takeOutNextElsewhere(final Side side, final String reason, final byte[] payload) {
    takeOut(side, reason, "1", "7:" + entry + ":-1", payload);
  }

  void takeOut(
      final Side side,
      final String reason,
      final String partition,
      final String messageId,
      final byte[] payload) {
    takenOut.add(
        side,
        new TopicMessage(
            new Origin(-1, 1, 1, -1),
            "flink",
            0,
            NOW,
            false,
            null,
            payload,
            Map.of(
                Origin.PARTITION,
                partition,
                Origin.MESSAGE_ID,
                messageId,
                "millrace.reason",
                reason)));
  }

  /** The rows that a faultless pipeline would have stored. */
  List<Row> faultlessRows() {
    final List<Row> rows = new ArrayList<>();
    for (int row = 0; row < expected.size(); row++) {
      rows.add(Row.of(expected, row));
    }
    return rows;
  }

  /** Compares with these rows. */
  void compare(final List<Row> rows) {
    account.finish(confirmed);
    takenOut.finish(
        origin -> range.isAll() || origin.entry() < entry,
        origin -> unreadable.contains(origin.entry()));
    comparison = startComparison();
    try {
      for (Row row : rows) {
        comparison.add(row);
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    comparison.finish();
  }

  RowComparison startComparison() {
    return new RowComparison(
        domain, expected, findings, new RowComparison.OtherWriters(1_000_000_000), drainedAt);
  }

  /** What the producer of partition 0 saw confirmed. */
  void confirmed(final long messages, final boolean exactly) {
    confirmed.put(producer(0), new ProducerReports.Confirmed(messages, exactly));
  }

  /** The job was told to close every window. */
  void drainedAt(final long millis) {
    drainedAt = Optional.of(Instant.ofEpochMilli(millis));
  }

  /** The verdict on these rows. */
  AuditReport verdict(final List<Row> rows) {
    compare(rows);
    return new AuditReport(
        "meters",
        "topic",
        "table",
        null,
        null,
        account.messages() + takenOut.unreadable(),
        comparison.aggregated(),
        takenOut.count(Side.LATE),
        takenOut.count(Side.DEAD_LETTER),
        account.restated(),
        findings.count(Findings.Fault.LOST),
        findings.count(Findings.Fault.DUPLICATED),
        findings.count(Findings.Fault.MISMATCHED),
        findings.count(Findings.Fault.MISPLACED),
        Map.of(),
        Map.of(),
        comparison.rows(),
        comparison.windows(),
        new AuditReport.Quantiles(0L, 0L, 0L),
        findings.count(Findings.Fault.SEQUENCE_REPEATS),
        findings.count(Findings.Fault.SEQUENCE_GAPS),
        findings.count(Findings.Fault.UNEXPLAINED_LATE),
        findings.count(Findings.Fault.UNCLOSED_WINDOWS),
        findings.count(Findings.Fault.MISPLACED_ROWS),
        findings.count(Findings.Fault.REPLICA_DIFFERENCES),
        comparison.foreignRows(),
        Map.of());
  }

  /** Compares with the faultless rows, the first of which is changed. */
  void compareWithFirst(final UnaryOperator<Row> change) {
    final List<Row> rows = faultlessRows();
    rows.set(0, change.apply(rows.get(0)));
    compare(rows);
  }

  long lost() {
    return findings.count(Findings.Fault.LOST);
  }

  long duplicated() {
    return findings.count(Findings.Fault.DUPLICATED);
  }

  long misplaced() {
    return findings.count(Findings.Fault.MISPLACED);
  }

  Map<String, AuditReport.ProducerAccount> producers() {
    return account.producers().accounts();
  }

  long mismatched() {
    return findings.count(Findings.Fault.MISMATCHED);
  }

  /** A row of the table. Immutable: what changes it makes another one. */
  static final class Row implements StoredRow {

    private String source;
    private long window;
    private long recordCount;
    private long alertCount;
    private boolean hasAlert;
    private String model;
    private double height;
    private long open;
    private double[] averages;
    private double[] minima;
    private double[] maxima;
    private long pulses;
    private long insertedAt;
    private long version;

    private Row() {}

    /** The row that a faultless pipeline would have stored. */
    static Row of(final ExpectedRows expected, final int row) {
      final Row made = new Row();
      made.source = "m_" + expected.source(row);
      made.window = expected.window(row);
      made.recordCount = expected.count(row);
      made.alertCount = expected.alerts(row);
      made.hasAlert = expected.alerts(row) > 0;
      made.model = expected.lastInteger(row, 0) == 1 ? "small" : "" + expected.lastInteger(row, 0);
      made.height = expected.lastReal(row, 1);
      made.open = expected.lastInteger(row, 2);
      made.averages = new double[] {expected.average(row, 0), expected.average(row, 1)};
      made.minima = new double[] {expected.minimum(row, 0), expected.minimum(row, 1)};
      made.maxima = new double[] {expected.maximum(row, 0), expected.maximum(row, 1)};
      made.pulses = expected.sum(row, 0);
      made.insertedAt = expected.window(row) + ExpectedRows.WINDOW_MILLIS + 1500;
      return made;
    }

    private Row with(final Consumer<Row> change) {
      final Row copy = new Row();
      copy.source = source;
      copy.window = window;
      copy.recordCount = recordCount;
      copy.alertCount = alertCount;
      copy.hasAlert = hasAlert;
      copy.model = model;
      copy.height = height;
      copy.open = open;
      copy.averages = averages;
      copy.minima = minima;
      copy.maxima = maxima;
      copy.pulses = pulses;
      copy.insertedAt = insertedAt;
      copy.version = version;
      change.accept(copy);
      return copy;
    }

    Row withSource(final String value) {
      return with(row -> row.source = value);
    }

    Row withWindow(final long value) {
      return with(row -> row.window = value);
    }

    Row withCount(final long value) {
      return with(row -> row.recordCount = value);
    }

    Row withAlerts(final long count, final boolean has) {
      return with(
          row -> {
            row.alertCount = count;
            row.hasAlert = has;
          });
    }

    Row withLast(final String newModel, final double newHeight, final long newOpen) {
      return with(
          row -> {
            row.model = newModel;
            row.height = newHeight;
            row.open = newOpen;
          });
    }

    Row withPower(final double average, final double minimum, final double maximum) {
      return with(
          row -> {
            row.averages = new double[] {average, averages[1]};
            row.minima = new double[] {minimum, minima[1]};
            row.maxima = new double[] {maximum, maxima[1]};
          });
    }

    Row withPulses(final long value) {
      return with(row -> row.pulses = value);
    }

    Row insertedAt(final long millis) {
      return with(row -> row.insertedAt = millis);
    }

    Row withVersion(final long value) {
      return with(row -> row.version = value);
    }

    @Override
    public String source() {
      return source;
    }

    @Override
    public long window() {
      return window;
    }

    @Override
    public long recordCount() {
      return recordCount;
    }

    @Override
    public long alertCount() {
      return alertCount;
    }

    @Override
    public boolean hasAlert() {
      return hasAlert;
    }

    @Override
    public long insertedAt() {
      return insertedAt;
    }

    @Override
    public long version() {
      return version;
    }

    @Override
    public String lastText(final int index) {
      return model;
    }

    @Override
    public long lastInteger(final int index) {
      return open;
    }

    @Override
    public double lastReal(final int index) {
      return height;
    }

    @Override
    public double average(final int measure) {
      return averages[measure];
    }

    @Override
    public double minimum(final int measure) {
      return minima[measure];
    }

    @Override
    public double maximum(final int measure) {
      return maxima[measure];
    }

    @Override
    public long sum(final int counter) {
      return pulses;
    }
  }
}
