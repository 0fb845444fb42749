package io.millrace.hooks.bookie;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.hooks.HookException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * The HTTP administration interface of a bookie ({@code httpServerEnabled=true}); see "BookKeeper
 * Admin REST API" in BookKeeper's documentation. Thread-safe.
 */
public final class BookieHttp {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(LIMIT).build();
  private final JsonMapper json = new JsonMapper();

  /**
   * Space on a bookie's ledger disks, in bytes.
   *
   * @param free bytes that can still be written
   * @param total size of the disks
   */
  public record Space(long free, long total) {}

  /**
   * Switches the bookie between read-only and read-write; a switch to where it is changes nothing.
   *
   * @throws HookException when the bookie does not answer or does not obey
   */
  public void setReadOnly(Bookie bookie, boolean readOnly) throws HookException {
    HttpRequest.Builder request =
        request(bookie, "/api/v1/bookie/state/readonly")
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString("{\"readOnly\":" + readOnly + "}"));
    JsonNode state = send(bookie, request);
    if (state.path("readOnly").asBoolean(!readOnly) != readOnly) {
      throw new HookException(
          bookie + " answered " + state + " when asked for readOnly=" + readOnly);
    }
  }

  /**
   * Asks for the space on the bookie's ledger disks.
   *
   * @throws HookException when the bookie does not answer
   */
  public Space space(Bookie bookie) throws HookException {
    JsonNode info = send(bookie, request(bookie, "/api/v1/bookie/info").GET());
    if (!info.has("freeSpace") || !info.has("totalSpace")) {
      throw new HookException(bookie + " does not say how much space it has: " + info);
    }
    return new Space(info.get("freeSpace").asLong(), info.get("totalSpace").asLong());
  }

  private static HttpRequest.Builder request(Bookie bookie, String path) {
    return HttpRequest.newBuilder(URI.create(bookie.http() + path)).timeout(LIMIT);
  }

  private JsonNode send(Bookie bookie, HttpRequest.Builder builder) throws HookException {
    HttpRequest request = builder.build();
    try {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new HookException(
            bookie
                + " answered "
                + response.statusCode()
                + " to "
                + request.method()
                + " "
                + request.uri()
                + ": "
                + response.body().strip());
      }
      return json.readTree(response.body());
    } catch (IOException e) {
      throw new HookException(
          bookie
              + " does not answer "
              + request.method()
              + " "
              + request.uri()
              + " ("
              + e
              + "): the guard needs its HTTP interface, httpServerEnabled=true",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HookException("interrupted while asking " + bookie, e);
    }
  }
}
