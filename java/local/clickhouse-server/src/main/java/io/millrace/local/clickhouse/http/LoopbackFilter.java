package io.millrace.local.clickhouse.http;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.util.Set;

/**
 * Refuses requests that a web page of another origin makes a browser on this machine send: the
 * engine has no users and reads any file its process may read.
 */
final class LoopbackFilter extends Filter {

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    String host = exchange.getRequestHeaders().getFirst("Host");
    String origin = exchange.getRequestHeaders().getFirst("Origin");
    if (host != null && !isLoopback("http://" + host) || origin != null && !isLoopback(origin)) {
      Replies.text(exchange, 403, "Only requests to and from this machine are answered.\n");
      return;
    }
    chain.doFilter(exchange);
  }

  private static boolean isLoopback(String uri) {
    try {
      String host = URI.create(uri).getHost();
      return host != null && LOOPBACK.contains(host);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public String description() {
    return "answers this machine only";
  }
}
