package io.millrace.audit;

import java.sql.SQLException;

/** A row as ClickHouse holds it; indexes are those of the lists in {@link AuditedDomain}. */
interface StoredRow {

  String source() throws SQLException;

  /** Window start in milliseconds since the epoch. */
  long window() throws SQLException;

  long recordCount() throws SQLException;

  long alertCount() throws SQLException;

  boolean hasAlert() throws SQLException;

  /** When the server wrote the row, in milliseconds since the epoch. */
  long insertedAt() throws SQLException;

  /**
   * 0 as the job wrote it; of a restated row about when its newest event was stored, milliseconds.
   */
  long version() throws SQLException;

  String lastText(int index) throws SQLException;

  /** Last integer, or 1 or 0 of a boolean. */
  long lastInteger(int index) throws SQLException;

  double lastReal(int index) throws SQLException;

  double average(int measure) throws SQLException;

  double minimum(int measure) throws SQLException;

  double maximum(int measure) throws SQLException;

  long sum(int counter) throws SQLException;
}
