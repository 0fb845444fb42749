package io.millrace.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.AuthenticationFactory;
import org.apache.pulsar.client.api.ClientBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;

/** Opens clients of Pulsar. */
final class PulsarAccess {

  private PulsarAccess() {}

  /**
   * A client; the caller closes it.
   *
   * @param tokenFile with a token that the broker accepts, if it asks for one
   */
  static PulsarClient open(final String serviceUrl, final Optional<Path> tokenFile)
      throws PulsarClientException {
    final ClientBuilder builder = PulsarClient.builder();
    tokenFile
        .map(file -> AuthenticationFactory.token(() -> token(file)))
        .ifPresent(builder::authentication);
    return builder.serviceUrl(serviceUrl).operationTimeout(20, TimeUnit.SECONDS).build();
  }

  /** Read at every connection: tokens are renewed while a long audit runs. */
  private static String token(final Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the token file " + file, e);
    }
  }
}
