package io.millrace.local.loopback;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Refuses, in the JDK's server, with status 403 what {@link OwnRequests} refuses. */
public final class OwnRequestsFilter extends Filter {

  private final OwnRequests rule;

  public OwnRequestsFilter(final OwnRequests rule) {
    this.rule = rule;
  }

  @Override
  public void doFilter(final HttpExchange exchange, final Chain chain) throws IOException {
    final Optional<String> refusal =
        rule.refusal(
            exchange.getRequestMethod(),
            exchange.getRequestURI().getPath(),
            exchange.getRequestHeaders()::getFirst);
    if (refusal.isEmpty()) {
      chain.doFilter(exchange);
      return;
    }
    final byte[] text = (refusal.get() + "\n").getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=UTF-8");
      exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
      exchange.sendResponseHeaders(HttpURLConnection.HTTP_FORBIDDEN, text.length);
      if (!exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseBody().write(text);
      }
    }
  }

  @Override
  public String description() {
    return "answers programs and its own pages only";
  }
}
