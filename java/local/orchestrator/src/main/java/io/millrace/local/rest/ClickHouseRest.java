package io.millrace.local.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.local.pipeline.ClickHouseAddress;
import io.millrace.local.pipeline.Credentials;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;

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
    return http.send(request("").POST(BodyPublishers.ofString(sql)).build()).strip();
  }

  /**
   * What is left of the faults that the embedded engine was told to have.
   *
   * @throws IOException if there is no answer, or an error
   */
  public JsonNode faults() throws IOException, InterruptedException {
    return http.json().readTree(http.send(request("faults").GET().build()));
  }

  /**
   * Replaces the faults of the embedded engine.
   *
   * @param faults parameters of its {@code /faults}; empty for none
   * @throws IOException if there is no answer, or an error
   */
  public void plan(final String faults) throws IOException, InterruptedException {
    http.send(request("faults?" + faults).POST(BodyPublishers.noBody()).build());
  }

  private HttpRequest.Builder request(final String path) {
    return JsonHttp.request(address.httpUrl() + path)
        .header("X-ClickHouse-User", credentials.user())
        .header("X-ClickHouse-Key", credentials.password());
  }
}
