package io.millrace.events.domain;

import java.util.Map;
import java.util.Optional;

/**
 * One field of a domain.
 *
 * @param name on the wire, camelCase by convention
 * @param role what it means
 * @param kind its Avro type
 * @param column its name in ClickHouse
 * @param format {@code %d}-pattern that turns an integer into text at the ClickHouse edge, if any
 * @param labels integer code to text at the ClickHouse edge; empty if there are none
 * @param unit of the value, as shown to people, if any
 * @param alert threshold, on measures only
 * @param generation how test data is made; empty for key and time
 */
public record Field(
    String name,
    Role role,
    Kind kind,
    String column,
    Optional<String> format,
    Map<Long, String> labels,
    Optional<String> unit,
    Optional<Alert> alert,
    Optional<Generation> generation) {

  /** Whether the value is kept as the raw bits of a double: all measures, and floating fields. */
  public boolean isReal() {
    return role == Role.MEASURE || kind.isFloating();
  }

  /** The column as SQL names it, quoted, since ClickHouse's words are legal names. */
  public String columnSql() {
    return "`" + column + "`";
  }

  /** Whether the column holds text although the wire carries an integer. */
  public boolean isText() {
    return format.isPresent() || !labels.isEmpty();
  }

  /**
   * The text of an integer value at the ClickHouse edge: by format, or by label; a code without a
   * label becomes its decimal digits, so that no code is ever lost.
   */
  public String text(final long value) {
    if (format.isPresent()) {
      return format.get().replace("%d", Long.toString(value));
    }
    final String label = labels.get(value);
    return label == null ? Long.toString(value) : label;
  }
}
