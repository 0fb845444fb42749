package io.millrace.clickhouse;

import io.millrace.clickhouse.ServerState.ExistingColumn;
import io.millrace.clickhouse.ServerState.ExistingTable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What leads from the tables as they are to the tables as the domain wants them. Immutable.
 *
 * <p>Columns and projections are added, the condition of {@code has_alert}, the deduplication
 * window and what deletions do to projections are changed in place. Projections hold nothing of
 * their own, so those of another definition are made anew, for stored rows in the background.
 * Comments are those of the domain. Time-to-live, codecs and the storage policy of an existing
 * table are left as they are, because operators tune them.
 *
 * @param statements to execute in this order; executing them again changes nothing
 * @param refusals why the tables cannot be led there, one sentence each; then nothing must be
 *     executed
 */
public record SchemaPlan(List<String> statements, List<String> refusals) {

  private static final Set<String> NOT_INSERTABLE = Set.of("MATERIALIZED", "ALIAS", "EPHEMERAL");

  public SchemaPlan {
    statements = List.copyOf(statements);
    refusals = List.copyOf(refusals);
  }

  /** Whether the tables are as they should be. */
  public boolean isEmpty() {
    return statements.isEmpty() && refusals.isEmpty();
  }

  /** The statements that create everything from nothing. */
  public static List<String> create(final AggregateTable table, final Layout layout) {
    final Set<String> statements = new LinkedHashSet<>();
    for (TableDefinition definition : TableDefinition.of(table, layout)) {
      statements.add(definition.createDatabaseSql());
      statements.add(definition.createSql());
    }
    return List.copyOf(statements);
  }

  static SchemaPlan of(final List<TableDefinition> definitions, final List<ServerState> servers) {
    final Set<String> statements = new LinkedHashSet<>();
    final Set<String> refusals = new LinkedHashSet<>();
    for (TableDefinition definition : definitions) {
      for (ServerState server : servers) {
        final ExistingTable existing = server.tables().get(definition.name());
        if (!server.databaseExists()) {
          statements.add(definition.createDatabaseSql());
        }
        if (existing == null) {
          statements.add(definition.createSql());
        } else {
          new Comparison(definition, existing, statements, refusals).run();
        }
      }
    }
    return new SchemaPlan(List.copyOf(statements), List.copyOf(refusals));
  }

  /** One table on one server. */
  private record Comparison(
      TableDefinition wanted,
      ExistingTable existing,
      Set<String> statements,
      Set<String> refusals) {

    void run() {
      if (!existing.engine().equals(wanted.engine())) {
        refuse(
            "has the engine %s and should have %s; create the table anew, or choose the layout it"
                + " was made for",
            existing.engine(), wanted.engine());
        return;
      }
      compareKeys();
      compareColumns();
      compareProjections();
      compareSettings();
    }

    private void compareKeys() {
      if (wanted.storesRows()) {
        requireKey("PARTITION BY", existing.partitionKey(), wanted.partitionKey());
        requireKey("ORDER BY", existing.sortingKey(), wanted.sortingKey());
      } else if (!Sql.canonical(existing.engineFull())
          .startsWith(Sql.canonical(wanted.engine() + wanted.engineArguments()))) {
        refuse(
            "is %s and should be %s%s; it holds no rows: drop it by hand and apply again",
            existing.engineFull(), wanted.engine(), wanted.engineArguments());
      }
    }

    private void requireKey(final String clause, final String actual, final String expected) {
      if (!Sql.same(actual, expected)) {
        refuse(
            "has %s %s and should have %s; ClickHouse cannot change it, create the table anew",
            clause, actual, expected);
      }
    }

    private void compareColumns() {
      final List<String> changes = new ArrayList<>();
      final List<String> modifications = new ArrayList<>();
      String position = "FIRST";
      for (ColumnDefinition column : wanted.columns()) {
        final ExistingColumn present = existing.columns().get(column.name());
        if (present == null) {
          changes.add("ADD COLUMN IF NOT EXISTS " + wanted.columnSql(column) + " " + position);
        } else {
          compareColumn(column, present, modifications);
        }
        position = "AFTER " + column.nameSql();
      }
      existing.columns().keySet().stream()
          .filter(name -> wanted.columns().stream().noneMatch(c -> c.name().equals(name)))
          .forEach(
              name ->
                  refuse(
                      "has the column %s, which the domain does not describe (any more); give the"
                          + " field back, or drop its values by hand: ALTER TABLE %s%s %sDROP"
                          + " COLUMN %s",
                      name,
                      wanted.sql(),
                      wanted.onClusterClause(),
                      dropProjectionsOf(name),
                      Sql.name(name)));
      // a condition may name a column that the same migration adds
      changes.addAll(modifications);
      alter(changes);
    }

    /** ClickHouse refuses to drop a column that a projection has. */
    private String dropProjectionsOf(final String column) {
      final Pattern word = Pattern.compile("\\b" + Pattern.quote(column) + "\\b");
      return existing.projections().values().stream()
          .filter(projection -> word.matcher(projection.query()).find())
          .map(projection -> "DROP PROJECTION " + projection.nameSql() + ", ")
          .sorted()
          .collect(Collectors.joining());
    }

    private void compareColumn(
        final ColumnDefinition column,
        final ExistingColumn present,
        final List<String> modifications) {
      if (!present.type().equals(column.type())) {
        refuse(
            "has the column %s of type %s, and the domain makes it %s; a change of type rewrites"
                + " stored values, give the field another column name",
            column.name(), present.type(), column.type());
      } else if (column.defaultKind().isEmpty()) {
        if (NOT_INSERTABLE.contains(present.defaultKind())) {
          refuse(
              "has the column %s as %s, so that it cannot be written; make it a plain column",
              column.name(), present.defaultKind());
        }
      } else if (!present.defaultKind().equals(column.defaultKind())
          || !Sql.same(present.defaultExpression(), column.defaultExpression())) {
        modifications.add("MODIFY COLUMN " + wanted.columnSql(column));
        return;
      }
      if (!present.comment().equals(column.comment())) {
        modifications.add(
            "COMMENT COLUMN IF EXISTS " + column.nameSql() + " " + Sql.text(column.comment()));
      }
    }

    private void compareProjections() {
      final List<String> drops = new ArrayList<>();
      final List<String> additions = new ArrayList<>();
      final List<String> materializations = new ArrayList<>();
      for (Projection projection : wanted.projections()) {
        final Projection present = existing.projections().get(projection.name());
        if (present == null || !projection.matches(present)) {
          if (present != null) {
            drops.add("DROP PROJECTION IF EXISTS " + projection.nameSql());
          }
          additions.add("ADD PROJECTION IF NOT EXISTS " + projection.sql());
          materializations.add("MATERIALIZE PROJECTION IF EXISTS " + projection.nameSql());
        }
      }
      alter(drops);
      alter(additions);
      if (!materializations.isEmpty()) {
        // in the background, reading stored rows once for all of them
        final int last = materializations.size() - 1;
        materializations.set(last, materializations.get(last) + " SETTINGS mutations_sync = 0");
      }
      alter(materializations);
    }

    private void compareSettings() {
      final List<String> changes = new ArrayList<>();
      for (Map.Entry<String, String> setting : wanted.changeableSettings().entrySet()) {
        if (!setting.getValue().equals(settingOf(existing, setting.getKey()))) {
          changes.add(setting.getKey() + " = " + setting.getValue());
        }
      }
      if (!changes.isEmpty()) {
        alter(List.of("MODIFY SETTING " + String.join(", ", changes)));
      }
    }

    private static String settingOf(final ExistingTable table, final String name) {
      final Matcher matcher =
          Pattern.compile("\\b" + Pattern.quote(name) + " = (\\d+|'[^']*')")
              .matcher(table.engineFull());
      return matcher.find() ? matcher.group(1) : "";
    }

    private void alter(final List<String> changes) {
      if (!changes.isEmpty()) {
        statements.add(
            "ALTER TABLE "
                + wanted.sql()
                + wanted.onClusterClause()
                + "\n    "
                + String.join(",\n    ", changes));
      }
    }

    private void refuse(final String format, final Object... arguments) {
      refusals.add(
          wanted.qualifiedName() + " " + String.format(Locale.ROOT, format, arguments) + ".");
    }
  }
}
