package io.millrace.events.domain;

import java.util.List;
import org.apache.avro.Schema;

/**
 * One kind of event: everything the platform needs to know to carry, aggregate, store and show it,
 * read from one Avro schema. Immutable.
 *
 * @param name short name, such as {@code iot}
 * @param schema the Avro record as written in the domain file
 * @param table ClickHouse table of the aggregated rows, {@code database.table}
 * @param topic the topic's full Pulsar name
 * @param fields in wire order
 */
public record Domain(String name, Schema schema, String table, String topic, List<Field> fields) {

  /**
   * The domain with this name from the class path.
   *
   * @throws InvalidDomainException if there is none, or its file is not valid
   */
  public static Domain load(final String name) {
    return DomainCatalog.load(name);
  }

  /** The table as SQL names it, quoted, since ClickHouse's words are legal names. */
  public String tableSql() {
    return "`" + table.replace(".", "`.`") + "`";
  }

  public Field key() {
    return fields(Role.KEY).get(0);
  }

  public Field time() {
    return fields(Role.TIME).get(0);
  }

  /** The fields with this role in wire order. */
  public List<Field> fields(final Role role) {
    return fields.stream().filter(f -> f.role() == role).toList();
  }

  /** The fields whose row value is the last one by event time: dimensions, then states. */
  public List<Field> lastValues() {
    return fields.stream()
        .filter(f -> f.role() == Role.DIMENSION || f.role() == Role.STATE)
        .sorted((a, b) -> a.role().compareTo(b.role()))
        .toList();
  }

  public List<Field> counters() {
    return fields(Role.COUNTER);
  }

  public List<Field> measures() {
    return fields(Role.MEASURE);
  }
}
