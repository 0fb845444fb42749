package io.millrace.clickhouse;

/** The ClickHouse types of aggregated rows. */
public enum ColumnType {
  STRING("String"),
  /** For attributes that many sources share; beyond 8,192 texts a part stores them plainly. */
  LOW_CARDINALITY_STRING("LowCardinality(String)"),
  INT32("Int32"),
  INT64("Int64"),
  UINT64("UInt64"),
  FLOAT64("Float64"),
  BOOL("Bool"),
  /** Seconds since the epoch, from 1970 to 2106. */
  DATE_TIME("DateTime('UTC')");

  private final String sql;

  ColumnType(final String sql) {
    this.sql = sql;
  }

  /** The type as ClickHouse writes it. */
  public String sql() {
    return sql;
  }
}
