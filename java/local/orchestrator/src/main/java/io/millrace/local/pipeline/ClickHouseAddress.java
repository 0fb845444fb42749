package io.millrace.local.pipeline;

import io.millrace.local.UsageException;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where the HTTP interface of a ClickHouse server answers.
 *
 * @param scheme {@code http} or {@code https}
 * @param port 1 to 65535
 */
public record ClickHouseAddress(String scheme, String host, int port) {

  private static final int HTTP_PORT = 8123;
  private static final int HTTPS_PORT = 8443;

  /** The server on this machine. */
  static ClickHouseAddress local(final int port) {
    return new ClickHouseAddress("http", "127.0.0.1", port);
  }

  /**
   * Reads {@code http://host:port}, {@code https://host:port} or {@code
   * jdbc:clickhouse://host:port}; the port may be left out.
   *
   * @throws UsageException if it is none of these
   */
  public static ClickHouseAddress parse(final String text) {
    final String url =
        text.replaceFirst("^jdbc:(clickhouse|ch):(https?:)?//", "$2//")
            .replaceFirst("^//", "http://");
    try {
      final URI uri = new URI(url);
      final boolean secure = "https".equals(uri.getScheme());
      if ((secure || "http".equals(uri.getScheme()))
          && uri.getHost() != null
          && uri.getUserInfo() == null) {
        final int usual = secure ? HTTPS_PORT : HTTP_PORT;
        return new ClickHouseAddress(
            uri.getScheme(), uri.getHost(), uri.getPort() < 0 ? usual : uri.getPort());
      }
    } catch (URISyntaxException e) {
      throw notUsable(text);
    }
    throw notUsable(text);
  }

  private static UsageException notUsable(final String text) {
    return new UsageException(
        "--clickhouse is '"
            + text
            + "'; write auto, embedded or http://host:port"
            + " (user and password come from CLICKHOUSE_USER and CLICKHOUSE_PASSWORD).");
  }

  public String httpUrl() {
    return scheme + "://" + host + ":" + port + "/";
  }

  public String jdbcUrl() {
    return "jdbc:clickhouse:" + (scheme.equals("https") ? "https:" : "") + "//" + host + ":" + port;
  }
}
