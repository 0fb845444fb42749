package io.millrace.deadletter.command;

import io.millrace.events.domain.Domain;
import io.millrace.events.domain.InvalidDomainException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.AuthenticationFactory;
import org.apache.pulsar.client.api.ClientBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which dead letters, where. */
final class ConnectionOptions {

  private static final int LOOKUP_SECONDS = 20;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--service-url",
      defaultValue = "pulsar://127.0.0.1:6650",
      description = "Of Pulsar. Default: ${DEFAULT-VALUE}.")
  private String serviceUrl;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File with a token for the broker. Default: none.")
  private Path tokenFile;

  @Option(
      names = "--domain",
      defaultValue = "iot",
      description = "Kind of events. Default: ${DEFAULT-VALUE}.")
  private String domain;

  @Option(names = "--topic", description = "Topic of the events. Default: the domain's.")
  private String topic;

  Domain domain() {
    try {
      return Domain.load(domain);
    } catch (InvalidDomainException e) {
      throw new ParameterException(spec.commandLine(), "--domain: " + e.getMessage(), e);
    }
  }

  String topic() {
    final String name = topic == null ? domain().topic() : topic;
    if (!name.matches("persistent://[^/\\s]+/[^/\\s]+/[^/\\s]+")) {
      throw new ParameterException(
          spec.commandLine(),
          "--topic is '" + name + "'; write it like persistent://tenant/namespace/name.");
    }
    return name;
  }

  /** A client, which connects when first used. */
  PulsarClient connect() throws PulsarClientException {
    if (!serviceUrl.matches("pulsar(\\+ssl)?://[^\\s/]+")) {
      throw new ParameterException(
          spec.commandLine(),
          "--service-url is '" + serviceUrl + "'; write it like pulsar://host:6650.");
    }
    final ClientBuilder builder =
        PulsarClient.builder()
            .serviceUrl(serviceUrl)
            .lookupTimeout(LOOKUP_SECONDS, TimeUnit.SECONDS)
            .operationTimeout(LOOKUP_SECONDS, TimeUnit.SECONDS);
    if (tokenFile != null) {
      if (!Files.isReadable(tokenFile)) {
        throw new ParameterException(
            spec.commandLine(), "--token-file " + tokenFile + " cannot be read.");
      }
      builder.authentication(
          AuthenticationFactory.create(
              "org.apache.pulsar.client.impl.auth.AuthenticationToken",
              tokenFile.toUri().toString()));
    }
    return builder.build();
  }
}
