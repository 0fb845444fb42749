package io.millrace.clickhouse.query;

import io.millrace.clickhouse.AggregateTable;
import io.millrace.clickhouse.RowColumn;
import io.millrace.clickhouse.Sql;
import io.millrace.events.domain.Domain;
import io.millrace.events.domain.Field;
import io.millrace.events.domain.Generation;
import io.millrace.events.domain.Role;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * Fills a table with made-up rows inside the server, one for each source and minute up to now. The
 * values follow the domain's distributions roughly: enough for the speed of queries, not for a
 * comparison with generated events.
 */
public final class TableFill {

  private static final int CHUNK = 250_000;

  /** Between two merges there may be none for a moment. */
  private static final int IDLE_LOOKS = 3;

  private static final int EVENTS_PER_ROW = 60;
  private static final String SOURCE = "source";
  private static final String ROW = "n";

  private final Domain domain;
  private final AggregateTable table;
  private final int sources;

  /**
   * @param sources event sources; a row of each makes a minute
   */
  public TableFill(final Domain domain, final int sources) {
    this.domain = domain;
    this.table = AggregateTable.of(domain);
    this.sources = sources;
  }

  /**
   * Adds that many rows.
   *
   * @param lastMinute window start of the newest rows, seconds since the epoch
   * @param done hears after every statement how many rows are in
   */
  public void fill(
      final Connection connection, final long rows, final long lastMinute, final LongConsumer done)
      throws SQLException {
    final long minutes = (rows + sources - 1) / sources;
    try (Statement statement = connection.createStatement()) {
      // labels and formats may have what JDBC would rewrite
      statement.setEscapeProcessing(false);
      for (long first = 0; first < rows; first += CHUNK) {
        final long count = Math.min(CHUNK, rows - first);
        statement.execute(sql(first, count, lastMinute - (minutes - 1) * 60));
        done.accept(first + count);
      }
    }
  }

  /**
   * Waits until the server has merged what was added as far as it wants to, as it has long before
   * people ask.
   *
   * @return whether it had within that time
   */
  public boolean settle(final Connection connection, final Duration atMost)
      throws SQLException, InterruptedException {
    final long deadline = System.nanoTime() + atMost.toNanos();
    try (PreparedStatement merges =
        connection.prepareStatement(
            "SELECT count() FROM system.merges WHERE database = ? AND table = ?")) {
      merges.setString(1, table.database());
      merges.setString(2, table.name());
      for (int idle = 0; idle < IDLE_LOOKS; ) {
        if (System.nanoTime() > deadline) {
          return false;
        }
        TimeUnit.SECONDS.sleep(1);
        try (ResultSet count = merges.executeQuery()) {
          count.next();
          idle = count.getLong(1) == 0 ? idle + 1 : 0;
        }
      }
    }
    return true;
  }

  String sql(final long firstRow, final long rows, final long firstMinute) {
    final String names =
        table.columns().stream().map(RowColumn::sql).collect(Collectors.joining(", "));
    final String values =
        table.columns().stream()
            .map(column -> value(column, firstMinute))
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "INSERT INTO %s (%s) SELECT %s FROM (SELECT number AS n, number %% %d AS source FROM"
            + " numbers(%d, %d)) SETTINGS async_insert = 0",
        table.sql(),
        names,
        values,
        sources,
        firstRow,
        rows);
  }

  private String value(final RowColumn column, final long firstMinute) {
    return switch (column.aspect()) {
      case KEY -> text(column.field().orElseThrow(), SOURCE);
      case WINDOW_START ->
          String.format(
              Locale.ROOT, "toDateTime(%d + intDiv(%s, %d) * 60)", firstMinute, ROW, sources);
      case LAST -> last(column.field().orElseThrow());
      case AVERAGE -> measure(column.field().orElseThrow());
      case MINIMUM -> extreme(column.field().orElseThrow(), "-");
      case MAXIMUM -> extreme(column.field().orElseThrow(), "+");
      case SUM -> counter(column.field().orElseThrow());
      case RECORD_COUNT -> Integer.toString(EVENTS_PER_ROW);
      case ALERT_COUNT -> "if(" + alert() + ", 1, 0)";
    };
  }

  private String alert() {
    final String condition =
        domain.measures().stream()
            .filter(measure -> measure.alert().isPresent())
            .map(
                measure ->
                    switch (measure.alert().get().direction()) {
                      case ABOVE ->
                          extreme(measure, "+") + " > " + number(measure.alert().get().threshold());
                      case BELOW ->
                          extreme(measure, "-") + " < " + number(measure.alert().get().threshold());
                    })
            .collect(Collectors.joining(" OR "));
    return condition.isEmpty() ? "false" : condition;
  }

  private String last(final Field field) {
    return text(field, drawn(field, field.role() == Role.DIMENSION ? SOURCE : ROW));
  }

  private static String text(final Field field, final String code) {
    if (field.format().isPresent()) {
      final String[] around = field.format().get().split("%d", -1);
      return "concat(%s, toString(%s), %s)"
          .formatted(Sql.text(around[0]), code, Sql.text(around[1]));
    }
    if (!field.labels().isEmpty()) {
      final Map<Long, String> labels = new TreeMap<>(field.labels());
      return "transform(toInt64(%s), [%s], [%s], toString(%s))"
          .formatted(
              code,
              labels.keySet().stream()
                  .map(label -> "toInt64(" + label + ")")
                  .collect(Collectors.joining(", ")),
              labels.values().stream().map(Sql::text).collect(Collectors.joining(", ")),
              code);
    }
    return code;
  }

  /** A value by the field's distribution; of equal rows or sources always the same. */
  private static String drawn(final Field field, final String of) {
    final Generation generation = field.generation().orElseThrow();
    final String unit = unit(field, of, "");
    if (generation instanceof Generation.Weighted weighted) {
      return weighted(weighted.weights(), unit);
    }
    if (generation instanceof Generation.Chance chance) {
      return unit + " < " + number(chance.probability());
    }
    if (generation instanceof Generation.Uniform uniform) {
      final String value =
          "%s + floor(%s * %s) * %s"
              .formatted(
                  number(uniform.from()),
                  unit,
                  number(Math.floor((uniform.to() - uniform.from()) / uniform.step()) + 1),
                  number(uniform.step()));
      final String whole = field.kind().isInteger() ? "toInt64(" + value + ")" : value;
      return uniform.probability() < 1
          ? "if(%s < %s, %s, 0)"
              .formatted(unit(field, of, "?"), number(uniform.probability()), whole)
          : whole;
    }
    final Generation.Wander wander = (Generation.Wander) generation;
    return "least(%s, greatest(%s, %s + (2 * %s - 1) * %s + (2 * %s - 1) * %s))"
        .formatted(
            number(wander.to()),
            number(wander.from()),
            number(wander.mean()),
            unit(field, SOURCE, ""),
            number(wander.spread()),
            unit(field, of, "~"),
            number(wander.drift()));
  }

  private static String weighted(final double[] weights, final String unit) {
    double total = 0;
    for (final double weight : weights) {
      total += weight;
    }
    final StringBuilder cases = new StringBuilder("multiIf(");
    double sum = 0;
    int last = 0;
    for (int code = 0; code < weights.length; code++) {
      if (weights[code] > 0) {
        sum += weights[code];
        cases.append(String.format(Locale.ROOT, "%s < %s, %d, ", unit, number(sum / total), code));
        last = code;
      }
    }
    return cases.append(last).append(')').toString();
  }

  private static String measure(final Field field) {
    return "toFloat64(" + drawn(field, ROW) + ")";
  }

  private static String extreme(final Field field, final String sign) {
    if (field.generation().orElseThrow() instanceof Generation.Wander wander) {
      final boolean excursion =
          wander.excursionProbability() > 0 && (sign.equals("+") == wander.excursionBy() > 0);
      final String value = measure(field) + " " + sign + " " + number(wander.noise());
      return excursion
          ? "%s + if(%s < %s, %s, 0)"
              .formatted(
                  value,
                  unit(field, ROW, "!"),
                  number(wander.excursionProbability()),
                  number(wander.excursionBy()))
          : value;
    }
    return measure(field);
  }

  private static String counter(final Field field) {
    return String.format(Locale.ROOT, "toInt64(%d * %s)", EVENTS_PER_ROW, drawn(field, ROW));
  }

  /** From 0 (included) to 1 (excluded). */
  private static String unit(final Field field, final String of, final String salt) {
    return "(xxHash64(%s, %s) / 18446744073709551616.)"
        .formatted(of, Sql.text(field.name() + salt));
  }

  private static String number(final double value) {
    return String.format(Locale.ROOT, "%.12f", value).replaceAll("0+$", "0");
  }
}
