package io.millrace.local.pipeline;

import io.millrace.events.domain.Domain;
import io.millrace.events.domain.Field;
import io.millrace.local.rest.ClickHouseRest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Asks for what a person wants to see of the newest window of a domain. */
final class WindowQuery {

  private static final int ROWS = 10;
  private static final int MEASURES = 4;

  private final List<String> columns = new ArrayList<>();
  private final String sql;

  WindowQuery(final Domain domain) {
    final List<String> expressions = new ArrayList<>();
    add(expressions, domain.key().column(), domain.key().columnSql());
    add(expressions, "window", "formatDateTime(" + domain.time().columnSql() + ", '%H:%i')");
    add(expressions, "events", "record_count");
    add(expressions, "alerts", "alert_count");
    for (Field measure : domain.measures().stream().limit(MEASURES).toList()) {
      add(expressions, measure.column(), "round(" + measure.columnSql() + ", 1)");
      add(expressions, measure.column() + " max", "round(`" + measure.column() + "_max`, 1)");
    }
    sql =
        String.format(
            Locale.ROOT,
            "SELECT %s FROM %s WHERE %s = (SELECT max(%s) FROM %s) ORDER BY alert_count DESC, %s"
                + " LIMIT %d",
            String.join(", ", expressions),
            domain.tableSql(),
            domain.time().columnSql(),
            domain.time().columnSql(),
            domain.tableSql(),
            domain.key().columnSql(),
            ROWS);
  }

  private void add(final List<String> expressions, final String title, final String expression) {
    columns.add(title.replace('_', ' '));
    expressions.add(expression);
  }

  WindowRows ask(final ClickHouseRest clickHouse) throws IOException, InterruptedException {
    return clickHouse
        .query(sql)
        .lines()
        .map(line -> Arrays.asList(line.split("\t")))
        .collect(Collectors.collectingAndThen(Collectors.toList(), this::rows));
  }

  private WindowRows rows(final List<List<String>> rows) {
    return rows.isEmpty() ? WindowRows.NONE : new WindowRows(columns, rows);
  }
}
