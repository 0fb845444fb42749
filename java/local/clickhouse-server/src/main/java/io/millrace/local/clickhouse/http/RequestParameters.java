package io.millrace.local.clickhouse.http;

import com.sun.net.httpserver.Headers;
import io.millrace.local.clickhouse.engine.EngineException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The parameters of a request to ClickHouse's HTTP interface.
 *
 * @param query the parameter {@code query}, or empty; the body follows it on a new line
 * @param queryId the client's identifier of the query, or a random one
 * @param database current database, or null for the default one
 * @param defaultFormat output format of statements that name none
 * @param compressedReply {@code compress=1}: the reply is in ClickHouse's compressed blocks
 * @param compressedBody {@code decompress=1}: the body is in ClickHouse's compressed blocks
 * @param codedReply {@code enable_http_compression=1}: {@code Accept-Encoding} is honoured
 * @param wholeReply {@code wait_end_of_query=1}: nothing is sent before the query has ended
 * @param sessionId the session that the request belongs to, or null for one of its own
 * @param sessionTimeout how long the session may be idle
 * @param sessionMustExist {@code session_check=1}
 * @param settings settings of this request
 * @param parameters values of {@code {name:Type}} placeholders, from {@code param_name}
 */
record RequestParameters(
    String query,
    String queryId,
    String database,
    String defaultFormat,
    boolean compressedReply,
    boolean compressedBody,
    boolean codedReply,
    boolean wholeReply,
    String sessionId,
    Duration sessionTimeout,
    boolean sessionMustExist,
    Map<String, String> settings,
    Map<String, String> parameters) {

  private static final int INVALID_SESSION_TIMEOUT = 374;
  private static final String PARAMETER_PREFIX = "param_";

  /** As ClickHouse's default_session_timeout and max_session_timeout. */
  private static final int SESSION_SECONDS = 60;

  private static final int MOST_SESSION_SECONDS = 3600;

  /** Known to the HTTP interface, without a meaning where there is one user. */
  private static final Set<String> IGNORED =
      Set.of(
          "quota_key",
          "role",
          "stacktrace",
          "buffer_size",
          "client_protocol_version",
          "http_zlib_compression_level",
          "http_headers_progress_interval_ms",
          "send_progress_in_http_headers");

  static RequestParameters of(URI uri, Headers headers) throws EngineException {
    Map<String, String> given = decode(uri.getRawQuery());
    Map<String, String> settings = new LinkedHashMap<>();
    Map<String, String> parameters = new LinkedHashMap<>();
    for (Map.Entry<String, String> entry : given.entrySet()) {
      String name = entry.getKey();
      if (name.startsWith(PARAMETER_PREFIX)) {
        parameters.put(name.substring(PARAMETER_PREFIX.length()), entry.getValue());
      } else {
        switch (name) {
          case "query",
              "query_id",
              "database",
              "default_format",
              "compress",
              "decompress",
              "enable_http_compression",
              "wait_end_of_query",
              "session_id",
              "session_timeout",
              "session_check" -> {}
          default -> {
            if (!IGNORED.contains(name)) {
              settings.put(name, entry.getValue());
            }
          }
        }
      }
    }
    return new RequestParameters(
        given.getOrDefault("query", ""),
        firstOf(given.get("query_id"), headers.getFirst("X-ClickHouse-Query-Id"), randomId()),
        firstOf(given.get("database"), headers.getFirst("X-ClickHouse-Database"), null),
        firstOf(
            given.get("default_format"), headers.getFirst("X-ClickHouse-Format"), "TabSeparated"),
        isTrue(given.get("compress")),
        isTrue(given.get("decompress")),
        isTrue(given.get("enable_http_compression")),
        isTrue(given.get("wait_end_of_query")),
        firstOf(given.get("session_id"), null, null),
        timeout(given.get("session_timeout")),
        isTrue(given.get("session_check")),
        settings,
        parameters);
  }

  /** Decodes a query string; the last of several values of a name counts. */
  static Map<String, String> decode(String rawQuery) {
    Map<String, String> values = new LinkedHashMap<>();
    if (rawQuery == null || rawQuery.isEmpty()) {
      return values;
    }
    for (String pair : rawQuery.split("&")) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      if (!name.isEmpty()) {
        values.put(
            URLDecoder.decode(name, StandardCharsets.UTF_8),
            URLDecoder.decode(value, StandardCharsets.UTF_8));
      }
    }
    return values;
  }

  private static Duration timeout(String seconds) throws EngineException {
    if (seconds == null) {
      return Duration.ofSeconds(SESSION_SECONDS);
    }
    if (!seconds.matches("\\d{1,4}") || Integer.parseInt(seconds) > MOST_SESSION_SECONDS) {
      throw EngineException.of(
          INVALID_SESSION_TIMEOUT,
          "INVALID_SESSION_TIMEOUT",
          "session_timeout is '" + seconds + "': use 0 to " + MOST_SESSION_SECONDS + " seconds");
    }
    return Duration.ofSeconds(Integer.parseInt(seconds));
  }

  private static String firstOf(String first, String second, String otherwise) {
    if (first != null && !first.isEmpty()) {
      return first;
    }
    return second != null && !second.isEmpty() ? second : otherwise;
  }

  private static String randomId() {
    return UUID.randomUUID().toString();
  }

  private static boolean isTrue(String value) {
    return value != null && (value.equals("1") || value.equalsIgnoreCase("true"));
  }
}
