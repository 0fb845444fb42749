package io.millrace.flink.connection;

import java.io.Serializable;
import java.nio.file.Path;
import org.apache.pulsar.client.api.AuthenticationFactory;
import org.apache.pulsar.client.api.ClientBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * How to reach the brokers.
 *
 * @param serviceUrl {@code pulsar://…} or {@code pulsar+ssl://…}
 * @param tokenFile file with a JSON web token, read again at every connect; {@code null} for none
 */
public record PulsarConnection(String serviceUrl, String tokenFile) implements Serializable {

  /** Opens a client, which connects when first used. */
  public PulsarClient open() throws PulsarClientException {
    final ClientBuilder builder =
        PulsarClient.builder().serviceUrl(serviceUrl).ioThreads(1).listenerThreads(1);
    if (tokenFile != null) {
      builder.authentication(
          AuthenticationFactory.create(
              "org.apache.pulsar.client.impl.auth.AuthenticationToken",
              Path.of(tokenFile).toUri().toString()));
    }
    return builder.build();
  }
}
