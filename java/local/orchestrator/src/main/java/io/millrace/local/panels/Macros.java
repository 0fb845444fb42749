package io.millrace.local.panels;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Grafana and its data sources put in place of variables and macros.
 *
 * @see <a href="https://grafana.com/docs/plugins/grafana-clickhouse-datasource/latest/">Macros of
 *     the ClickHouse data source</a>
 */
final class Macros {

  private static final Duration PERIOD = Duration.ofHours(1);
  private static final Pattern TIME_FILTER = Pattern.compile("\\$__timeFilter\\((\\w+)\\)");
  private static final Pattern LEFT = Pattern.compile("\\$\\{?\\w+");

  private Macros() {}

  /** A PromQL expression with everything chosen. */
  static String promQl(final String text) {
    return complete(
        text.replace("$__rate_interval", "1m").replace("$namespace", ".+").replace("$tier", ".+"));
  }

  /**
   * A ClickHouse query over the last hour.
   *
   * @param now the end of that hour
   */
  static String sql(final String text, final Instant now) {
    return complete(
        TIME_FILTER
            .matcher(text)
            .replaceAll(
                "$1 >= toDateTime("
                    + now.minus(PERIOD).getEpochSecond()
                    + ") AND $1 <= toDateTime("
                    + now.getEpochSecond()
                    + ")"));
  }

  private static String complete(final String text) {
    final Matcher left = LEFT.matcher(text);
    if (left.find()) {
      throw new IllegalArgumentException("No value for " + left.group() + " in: " + text);
    }
    return text;
  }

  /** Whether a query uses a variable. */
  static boolean names(final String text, final String variable) {
    return reference(variable).matcher(text).find();
  }

  /** A query with values in place of variables. */
  static String withVariables(final String text, final Map<String, String> values) {
    String filled = text;
    for (Map.Entry<String, String> value : values.entrySet()) {
      filled =
          reference(value.getKey())
              .matcher(filled)
              .replaceAll(Matcher.quoteReplacement(value.getValue()));
    }
    return filled;
  }

  private static Pattern reference(final String variable) {
    return Pattern.compile("\\$\\{" + variable + "}|\\$" + variable + "\\b");
  }
}
