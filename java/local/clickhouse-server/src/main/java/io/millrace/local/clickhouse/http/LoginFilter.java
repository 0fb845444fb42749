package io.millrace.local.clickhouse.http;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Map;

/** Refuses requests that do not prove the login in their headers, as ClickHouse does. */
final class LoginFilter extends Filter {

  private static final int AUTHENTICATION_FAILED = 516;

  /** What is still read of a refused body, so that the client gets to see the refusal. */
  private static final int MAX_DRAINED_BYTES = 1 << 20;

  private final Login login;

  LoginFilter(Login login) {
    this.login = login;
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    if (asksWhetherAlive(exchange)) {
      chain.doFilter(exchange);
      return;
    }
    // an address is remembered and shown in many places, and a page can make a browser ask for it
    Map<String, String> parameters =
        RequestParameters.decode(exchange.getRequestURI().getRawQuery());
    if (parameters.containsKey("password") || parameters.containsKey("user")) {
      refuse(exchange, "User and password are taken from headers only, not from the address");
    } else if (!login.isProvenBy(exchange.getRequestHeaders())) {
      refuse(
          exchange, "Authentication failed: the user or the password in the headers is not right");
    } else {
      chain.doFilter(exchange);
    }
  }

  /** As {@code /ping}, and as with a server: clients look before they log in. */
  private static boolean asksWhetherAlive(HttpExchange exchange) {
    String method = exchange.getRequestMethod();
    return (method.equals("GET") || method.equals("HEAD"))
        && exchange.getRequestURI().getPath().equals("/")
        && exchange.getRequestURI().getRawQuery() == null;
  }

  private static void refuse(HttpExchange exchange, String reason) throws IOException {
    exchange.getRequestBody().readNBytes(MAX_DRAINED_BYTES);
    exchange
        .getResponseHeaders()
        .set("X-ClickHouse-Exception-Code", Integer.toString(AUTHENTICATION_FAILED));
    Replies.text(
        exchange,
        ErrorStatus.of(AUTHENTICATION_FAILED),
        "Code: "
            + AUTHENTICATION_FAILED
            + ". DB::Exception: "
            + reason
            + ". (AUTHENTICATION_FAILED)\n");
  }

  @Override
  public String description() {
    return "asks for the password";
  }
}
