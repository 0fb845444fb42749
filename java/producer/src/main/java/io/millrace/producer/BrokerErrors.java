package io.millrace.producer;

import org.apache.pulsar.client.api.PulsarClientException;

/** Tells the broker's refusals that waiting may cure from those it cannot. */
final class BrokerErrors {

  private BrokerErrors() {}

  /**
   * The reason of an error that may go away, in the broker's words.
   *
   * @throws StartupException if it will not go away by itself
   */
  static String retriable(final Throwable error, final ProducerConfig config)
      throws StartupException {
    if (error instanceof PulsarClientException.IncompatibleSchemaException) {
      throw new StartupException(
          "Topic %s has a schema that '%s' is not compatible with (%s); evolve the domain file compatibly or use another topic"
              .formatted(config.topic(), config.domain().name(), firstLine(error)),
          error);
    }
    if (error instanceof PulsarClientException.AuthenticationException
        || error instanceof PulsarClientException.AuthorizationException) {
      throw new StartupException(
          "%s does not let this client produce to %s: %s"
              .formatted(config.serviceUrl(), config.topic(), firstLine(error)),
          error);
    }
    if (error instanceof PulsarClientException.InvalidTopicNameException
        || error instanceof PulsarClientException.TopicTerminatedException
        || error instanceof PulsarClientException.InvalidServiceURL
        || error instanceof PulsarClientException.NotAllowedException) {
      throw new StartupException(
          "Cannot produce to %s: %s".formatted(config.topic(), firstLine(error)), error);
    }
    return firstLine(error);
  }

  private static String firstLine(final Throwable error) {
    return String.valueOf(error.getMessage()).lines().findFirst().orElse("").strip();
  }
}
