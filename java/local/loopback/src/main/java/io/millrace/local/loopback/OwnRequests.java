package io.millrace.local.loopback;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Tells what a program or a page of this very server asks from what a web page from elsewhere makes
 * a browser on this machine send. A loopback address keeps other machines out, not the pages that a
 * person has open.
 *
 * <ul>
 *   <li>{@code Host} names the loopback: a foreign name that resolves to 127.0.0.1 (DNS rebinding)
 *       does not.
 *   <li>{@code Origin} and {@code Referer}, where there are any, are the server's own.
 *   <li>{@code Sec-Fetch-Site}, which browsers set and pages cannot, is {@code none} or {@code
 *       same-origin}. The one request that another page may cause is the visit of an entry page, by
 *       a link: that page learns nothing from it.
 * </ul>
 *
 * <p>Immutable.
 */
public final class OwnRequests {

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

  private final Set<String> entryPages;

  /**
   * Makes the rule of a server.
   *
   * @param entryPages paths that a link of another page may open; none for a server without pages
   */
  public OwnRequests(final String... entryPages) {
    this.entryPages = Set.of(entryPages);
  }

  /**
   * Looks at a request.
   *
   * @param path without its query
   * @param header the value of a header by its name, or null
   * @return why it is refused, as a sentence; empty if it may be answered
   */
  public Optional<String> refusal(
      final String method, final String path, final UnaryOperator<String> header) {
    final String host = header.apply("Host");
    if (host != null && !isLoopback(host)) {
      return Optional.of("This server answers to 127.0.0.1 and localhost only.");
    }
    if (isVisit(method, path, header)) {
      return Optional.empty();
    }
    final String own = "http://" + host;
    final String origin = header.apply("Origin");
    final String referer = header.apply("Referer");
    final String site = header.apply("Sec-Fetch-Site");
    if (origin != null && !origin.equalsIgnoreCase(own)
        || referer != null && !isFrom(own, referer)
        || site != null && !site.equals("none") && !site.equals("same-origin")) {
      return Optional.of("This server does not answer pages from elsewhere.");
    }
    return Optional.empty();
  }

  private boolean isVisit(
      final String method, final String path, final UnaryOperator<String> header) {
    return method.equals("GET")
        && entryPages.contains(path)
        && header.apply("Origin") == null
        && "navigate".equals(header.apply("Sec-Fetch-Mode"))
        // not into a frame
        && "document".equals(header.apply("Sec-Fetch-Dest"));
  }

  private static boolean isFrom(final String own, final String referer) {
    final String given = referer.toLowerCase(Locale.ROOT);
    final String expected = own.toLowerCase(Locale.ROOT);
    return given.equals(expected) || given.startsWith(expected + "/");
  }

  private static boolean isLoopback(final String host) {
    try {
      final URI uri = URI.create("http://" + host);
      return uri.getUserInfo() == null
          && uri.getHost() != null
          && LOOPBACK.contains(uri.getHost().toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      // no address at all
      return false;
    }
  }
}
