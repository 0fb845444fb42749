package io.millrace.clickhouse.query;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a run of queries showed.
 *
 * @param rows in the table when it began
 * @param targetQps queries per second that were due
 * @param achievedQps queries per second that were answered
 * @param queries that were due and asked
 * @param missed that were due, and never asked because the server was too far behind
 * @param errors queries that failed
 * @param successRate answered of those that were due, from 0 to 1
 */
@JsonNaming(SnakeCaseStrategy.class)
public record QueryReport(
    String domain,
    String table,
    long rows,
    String serverVersion,
    double targetQps,
    int workers,
    @JsonProperty("duration_s") double durationS,
    double achievedQps,
    long queries,
    long missed,
    long errors,
    double successRate,
    List<Kind> kinds) {

  public QueryReport {
    kinds = List.copyOf(kinds);
  }

  /**
   * One kind of query.
   *
   * @param firstError its message, or empty
   * @param latencyMs from when a query was due to its last row: a late start counts
   * @param serviceMs from when a query was asked to its last row
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Kind(
      String kind,
      long queries,
      long errors,
      String firstError,
      Quantiles latencyMs,
      Quantiles serviceMs) {}

  /** Milliseconds; all null if nothing was answered. */
  public record Quantiles(Double p50, Double p95, Double p99, Double max) {

    /** Nothing was answered. */
    public static final Quantiles NONE = new Quantiles(null, null, null, null);
  }

  /**
   * Writes it as JSON.
   *
   * @throws IOException if the file cannot be written
   */
  public void writeTo(final Path file) throws IOException {
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), this);
  }
}
