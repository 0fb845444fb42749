package io.millrace.local.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** JSON over HTTP, one attempt a request. Thread-safe. */
public final class JsonHttp {

  private static final Duration QUESTION = Duration.ofSeconds(30);
  static final Duration WORK = Duration.ofMinutes(5);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final ObjectMapper json = new ObjectMapper();

  /**
   * Fetches a document.
   *
   * @throws IOException if there is no answer, or one that is not a success
   */
  public JsonNode get(final String url) throws IOException, InterruptedException {
    return json.readTree(send(request(url).GET().build()));
  }

  /**
   * Fetches a document that need not exist.
   *
   * @return empty if the server says that it does not
   * @throws IOException if there is no answer, or another that is not a success
   */
  Optional<JsonNode> find(final String url) throws IOException, InterruptedException {
    final HttpResponse<String> response =
        client.send(request(url).GET().build(), BodyHandlers.ofString());
    return response.statusCode() == HttpURLConnection.HTTP_NOT_FOUND
        ? Optional.empty()
        : Optional.of(json.readTree(successful(response)));
  }

  /** Sends a document, gives the server minutes to do something with it, and reads the answer. */
  public JsonNode post(final String url, final JsonNode body)
      throws IOException, InterruptedException {
    return json.readTree(
        send(
            request(url)
                .timeout(WORK)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build()));
  }

  public ObjectMapper json() {
    return json;
  }

  static HttpRequest.Builder request(final String url) {
    return HttpRequest.newBuilder(URI.create(url)).timeout(QUESTION);
  }

  String send(final HttpRequest request) throws IOException, InterruptedException {
    return successful(client.send(request, BodyHandlers.ofString()));
  }

  private static String successful(final HttpResponse<String> response) throws IOException {
    if (response.statusCode() / 100 != 2) {
      throw new HttpStatusException(
          response.statusCode(),
          response.uri() + " answered " + response.statusCode() + ": " + response.body().strip());
    }
    return response.body();
  }
}
