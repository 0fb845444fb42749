package io.millrace.bench.insert;

import io.millrace.clickhouse.AggregateTable;
import io.millrace.clickhouse.RowColumn;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** Posts rows that are encoded already: what an insert over HTTP can do at best. */
final class RowBinaryInserter {

  private static final int OK = 200;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String url;
  private final String user;
  private final String password;
  private final AggregateTable table;
  private final String columns;

  /**
   * @param url of the server's HTTP interface, with a slash at its end
   */
  RowBinaryInserter(
      final String url, final String user, final String password, final AggregateTable table) {
    this.url = url;
    this.user = user;
    this.password = password;
    this.table = table;
    this.columns = table.columns().stream().map(RowColumn::sql).collect(Collectors.joining(", "));
  }

  /** The rows of the table in this format, as the server encodes them. */
  byte[] stored() throws IOException, InterruptedException {
    return send(
        "SELECT %s FROM %s ORDER BY %s FORMAT RowBinary"
            .formatted(columns, table.sql(), table.key().sql()),
        new byte[0]);
  }

  void empty() throws IOException, InterruptedException {
    send("TRUNCATE TABLE " + table.sql() + " SYNC", new byte[0]);
  }

  void insert(final byte[] rows, final String token) throws IOException, InterruptedException {
    send(
        "INSERT INTO %s (%s) SETTINGS async_insert = 0, insert_deduplication_token = '%s' FORMAT RowBinary"
            .formatted(table.sql(), columns, token),
        rows);
  }

  private byte[] send(final String query, final byte[] body)
      throws IOException, InterruptedException {
    final URI uri = URI.create(url + "?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
    final HttpResponse<byte[]> response =
        http.send(
            HttpRequest.newBuilder(uri)
                .header("X-ClickHouse-User", user)
                .header("X-ClickHouse-Key", password)
                .POST(BodyPublishers.ofByteArray(body))
                .build(),
            BodyHandlers.ofByteArray());
    if (response.statusCode() != OK) {
      throw new IOException(
          "ClickHouse refuses: " + new String(response.body(), StandardCharsets.UTF_8).strip());
    }
    return response.body();
  }
}
