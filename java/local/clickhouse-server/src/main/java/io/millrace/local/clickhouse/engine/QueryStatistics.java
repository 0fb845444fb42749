package io.millrace.local.clickhouse.engine;

/**
 * What a statement read and wrote, as in the reply header {@code X-ClickHouse-Summary}.
 *
 * @param readRows rows read from storage
 * @param readBytes bytes read from storage
 * @param writtenRows rows written, those of materialized views included; a deduplicated insert
 *     reports its rows as written
 * @param writtenBytes bytes written
 * @param resultRows rows of the result
 */
public record QueryStatistics(
    long readRows, long readBytes, long writtenRows, long writtenBytes, long resultRows) {

  public static final QueryStatistics NONE = new QueryStatistics(0, 0, 0, 0, 0);

  /** Returns the sum of both. */
  public QueryStatistics plus(QueryStatistics other) {
    return new QueryStatistics(
        readRows + other.readRows,
        readBytes + other.readBytes,
        writtenRows + other.writtenRows,
        writtenBytes + other.writtenBytes,
        resultRows + other.resultRows);
  }
}
