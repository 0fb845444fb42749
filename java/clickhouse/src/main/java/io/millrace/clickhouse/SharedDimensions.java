package io.millrace.clickhouse;

import io.millrace.events.domain.Field;
import io.millrace.events.domain.Generation;
import io.millrace.events.domain.Role;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which dimensions people group sources by, whatever the domain: found by the columns' names and by
 * how many values the generator draws from. Immutable.
 *
 * @param customer the dimension whose column begins with {@code customer}, or else the one of most
 *     values; empty if no dimension is an identifier
 * @param site the one of most values of the others; empty if there is no other
 */
public record SharedDimensions(Optional<RowColumn> customer, Optional<RowColumn> site) {

  private static final String CUSTOMER = "customer";

  /** Those of this table. An identifier is a dimension with a format. */
  public static SharedDimensions of(final AggregateTable table) {
    final List<RowColumn> identifiers =
        table.columns().stream()
            .filter(column -> column.field().filter(SharedDimensions::isIdentifier).isPresent())
            .sorted(Comparator.comparingDouble(SharedDimensions::values).reversed())
            .toList();
    final Optional<RowColumn> customer =
        identifiers.stream()
            .filter(column -> column.name().startsWith(CUSTOMER))
            .findFirst()
            .or(() -> identifiers.stream().findFirst());
    final Optional<RowColumn> site =
        identifiers.stream().filter(column -> !column.equals(customer.orElseThrow())).findFirst();
    return new SharedDimensions(customer, site);
  }

  private static boolean isIdentifier(final Field field) {
    return field.role() == Role.DIMENSION && field.format().isPresent();
  }

  private static double values(final RowColumn column) {
    return column.field().orElseThrow().generation().orElse(null)
            instanceof Generation.Uniform uniform
        ? (uniform.to() - uniform.from()) / uniform.step()
        : 0;
  }
}
