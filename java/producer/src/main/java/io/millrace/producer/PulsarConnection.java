package io.millrace.producer;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.AuthenticationFactory;
import org.apache.pulsar.client.api.ClientBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.SizeUnit;

/**
 * How to reach the brokers.
 *
 * @param serviceUrl {@code pulsar://…} or {@code pulsar+ssl://…}
 * @param tokenFile file with a JSON web token, read again at every connect
 */
record PulsarConnection(String serviceUrl, Optional<Path> tokenFile) {

  private static final String TOKEN = "org.apache.pulsar.client.impl.auth.AuthenticationToken";
  private static final long MEMORY_MB = 256;
  private static final int MAX_BACKOFF_SECONDS = 2;

  /**
   * Opens a client, which connects when first used.
   *
   * @param ioThreads for all connections together
   */
  PulsarClient open(final int ioThreads) throws PulsarClientException {
    final ClientBuilder builder =
        PulsarClient.builder()
            // the client's own statistics take a lock for every message; first, since loading
            // settings forgets who the client is
            .loadConf(Map.of("statsIntervalSeconds", 0));
    if (tokenFile.isPresent()) {
      builder.authentication(
          AuthenticationFactory.create(TOKEN, tokenFile.get().toUri().toString()));
    }
    return builder
        .serviceUrl(serviceUrl)
        .ioThreads(ioThreads)
        .memoryLimit(MEMORY_MB, SizeUnit.MEGA_BYTES)
        .maxBackoffInterval(MAX_BACKOFF_SECONDS, TimeUnit.SECONDS)
        .build();
  }
}
