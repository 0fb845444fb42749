package io.millrace.clickhouse;

import io.millrace.events.domain.Field;
import java.util.Optional;

/**
 * A column that a writer of aggregated rows fills.
 *
 * @param aspect what it holds
 * @param field of which field; empty for {@link Aspect#RECORD_COUNT} and {@link Aspect#ALERT_COUNT}
 */
public record RowColumn(String name, ColumnType type, Aspect aspect, Optional<Field> field) {

  /** The column as SQL names it. */
  public String sql() {
    return Sql.name(name);
  }
}
