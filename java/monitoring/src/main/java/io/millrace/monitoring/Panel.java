package io.millrace.monitoring;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One panel. Immutable.
 *
 * @param description what it shows and when to worry
 * @param width in 24ths of the page
 * @param thresholds from which on a value is coloured, ascending
 * @param repeatedFor variable of which every value gets a panel of its own
 */
record Panel(
    Shape shape,
    String title,
    String description,
    Unit unit,
    int width,
    List<Threshold> thresholds,
    List<Query> queries,
    Optional<String> repeatedFor) {

  /** How it is drawn. */
  enum Shape {
    STAT("stat", 4),
    TABLE("table", 8),
    TIME_SERIES("timeseries", 8);

    private final String id;
    private final int height;

    Shape(final String id, final int height) {
      this.id = id;
      this.height = height;
    }

    /** Grafana's name of the panel's plugin. */
    String id() {
      return id;
    }

    /** In grid units. */
    int height() {
      return height;
    }
  }

  /**
   * A bound.
   *
   * @param from the value from which on the colour holds
   * @param color a Grafana colour name
   */
  record Threshold(double from, String color) {}

  Panel {
    thresholds = List.copyOf(thresholds);
    queries = List.copyOf(queries);
  }

  static Panel series(final String title, final Unit unit, final String description) {
    return new Panel(
        Shape.TIME_SERIES, title, description, unit, 8, List.of(), List.of(), Optional.empty());
  }

  static Panel stat(final String title, final Unit unit, final String description) {
    return new Panel(
        Shape.STAT, title, description, unit, 4, List.of(), List.of(), Optional.empty());
  }

  static Panel table(final String title, final String description) {
    return new Panel(
        Shape.TABLE, title, description, Unit.NONE, 24, List.of(), List.of(), Optional.empty());
  }

  Panel asking(final String expression, final String legend) {
    return with(new Query.Prometheus(expression, legend));
  }

  Panel askingClickHouse(final String sql) {
    return with(new Query.ClickHouse(sql, shape != Shape.TABLE));
  }

  private Panel with(final Query query) {
    final List<Query> more = new ArrayList<>(queries);
    more.add(query);
    return new Panel(shape, title, description, unit, width, thresholds, more, repeatedFor);
  }

  /** Worth a look from one value on, bad from another. */
  Panel worryingFrom(final double warning, final double bad) {
    return new Panel(
        shape,
        title,
        description,
        unit,
        width,
        List.of(new Threshold(warning, "orange"), new Threshold(bad, "red")),
        queries,
        repeatedFor);
  }

  /** Bad below a value. */
  Panel badBelow(final double value) {
    return new Panel(
        shape,
        title,
        description,
        unit,
        width,
        List.of(new Threshold(Double.NEGATIVE_INFINITY, "red"), new Threshold(value, "green")),
        queries,
        repeatedFor);
  }

  Panel wide(final int columns) {
    return new Panel(shape, title, description, unit, columns, thresholds, queries, repeatedFor);
  }

  Panel repeatedFor(final String variable) {
    return new Panel(
        shape, title, description, unit, width, thresholds, queries, Optional.of(variable));
  }
}
