package io.millrace.local.broker;

import io.millrace.local.loopback.OwnRequests;
import java.lang.reflect.Field;
import java.net.HttpURLConnection;
import java.util.Optional;
import org.apache.pulsar.PulsarStandalone;
import org.apache.pulsar.broker.PulsarService;
import org.apache.pulsar.broker.web.WebService;
import org.eclipse.jetty.http.BadMessageException;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;

/**
 * Keeps web pages away from the admin API, which asks for no password here. Pulsar offers no place
 * for a filter of ours that is not an archive of its own, so Jetty gets it once the broker runs.
 */
final class AdminGuard {

  private static final OwnRequests RULE = new OwnRequests();

  private AdminGuard() {}

  /**
   * Begins to refuse.
   *
   * @throws ReflectiveOperationException if this version of Pulsar keeps its server elsewhere
   */
  static void on(final PulsarStandalone standalone) throws ReflectiveOperationException {
    on((PulsarService) of(PulsarStandalone.class, "broker", standalone));
  }

  static void on(final PulsarService broker) throws ReflectiveOperationException {
    on((Server) of(WebService.class, "server", broker.getWebService()));
  }

  static void on(final Server server) {
    for (Connector connector : server.getConnectors()) {
      connector
          .getConnectionFactory(HttpConnectionFactory.class)
          .getHttpConfiguration()
          .addCustomizer(
              (where, settings, request) -> {
                final Optional<String> refusal =
                    RULE.refusal(request.getMethod(), request.getRequestURI(), request::getHeader);
                if (refusal.isPresent()) {
                  throw new BadMessageException(HttpURLConnection.HTTP_FORBIDDEN, refusal.get());
                }
              });
    }
  }

  private static Object of(final Class<?> type, final String field, final Object owner)
      throws ReflectiveOperationException {
    final Field found = type.getDeclaredField(field);
    found.setAccessible(true);
    return found.get(owner);
  }
}
