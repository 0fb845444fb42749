package io.millrace.local.panels;

/**
 * One query of a panel, a variable or an alert.
 *
 * @param where that is, for people
 * @param text with Grafana's variables and macros
 */
record Question(String where, Language language, String text) {

  /** Who answers it. */
  enum Language {
    /** Prometheus. */
    PROMQL,
    /** ClickHouse. */
    SQL
  }
}
