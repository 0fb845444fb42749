package io.millrace.local.rest;

import io.millrace.local.pipeline.ClickHouseAddress;
import io.millrace.local.pipeline.Credentials;
import java.io.IOException;
import java.net.http.HttpRequest;

/** Queries over ClickHouse's HTTP interface. Thread-safe. */
public final class ClickHouseRest {

  private final JsonHttp http;
  private final ClickHouseAddress address;
  private final Credentials credentials;

  public ClickHouseRest(
      final JsonHttp http, final ClickHouseAddress address, final Credentials credentials) {
    this.http = http;
    this.address = address;
    this.credentials = credentials;
  }

  /**
   * Runs a query and returns its columns and rows as tab-separated text.
   *
   * @throws IOException if there is no answer, or an error
   */
  public String query(final String sql) throws IOException, InterruptedException {
    return http.send(
            JsonHttp.request(address.httpUrl())
                .header("X-ClickHouse-User", credentials.user())
                .header("X-ClickHouse-Key", credentials.password())
                .POST(HttpRequest.BodyPublishers.ofString(sql))
                .build())
        .strip();
  }
}
