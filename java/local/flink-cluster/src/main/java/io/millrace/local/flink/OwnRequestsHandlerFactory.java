package io.millrace.local.flink;

import io.millrace.local.loopback.RunKey;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.io.network.netty.InboundChannelHandlerFactory;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelHandler;
import org.apache.flink.util.ConfigurationException;

/** Puts {@link OwnRequestsHandler} before everything that Flink's REST server does. */
public final class OwnRequestsHandlerFactory implements InboundChannelHandlerFactory {

  private static final ConfigOption<String> KEY =
      ConfigOptions.key(RunKey.FLINK_SETTING).stringType().noDefaultValue();

  @Override
  public int priority() {
    return Integer.MAX_VALUE;
  }

  /**
   * Makes the handler of a connection.
   *
   * @throws ConfigurationException without a key: an open server must not start unnoticed
   */
  @Override
  public Optional<ChannelHandler> createHandler(
      final Configuration settings, final Map<String, String> responseHeaders)
      throws ConfigurationException {
    final String key = settings.get(KEY);
    if (key == null || key.isEmpty()) {
      throw new ConfigurationException(
          "Flink's setting " + RunKey.FLINK_SETTING + " is missing: give it a random value.");
    }
    return Optional.of(new OwnRequestsHandler(key));
  }
}
