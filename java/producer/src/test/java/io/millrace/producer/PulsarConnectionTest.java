package io.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.impl.PulsarClientImpl;
import org.apache.pulsar.client.impl.conf.ClientConfigurationData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PulsarConnectionTest {

  @TempDir private Path directory;

  @Test
  void saysWhoItIsWithTheTokenThatTheFileHasNow() throws Exception {
    final Path file = Files.writeString(directory.resolve("token"), "first");
    try (PulsarClient client = open(Optional.of(file))) {
      Files.writeString(file, "second");
      assertThat(settings(client).getAuthentication().getAuthData("broker").getCommandData())
          .isEqualTo("second");
    }
  }

  @Test
  void withoutATokenItSaysNothing() throws Exception {
    try (PulsarClient client = open(Optional.empty())) {
      assertThat(settings(client).getAuthentication().getAuthMethodName()).isEqualTo("none");
      assertThat(settings(client).getStatsIntervalSeconds()).isZero();
    }
  }

  private static PulsarClient open(final Optional<Path> token) throws Exception {
    return new PulsarConnection("pulsar://127.0.0.1:1", token).open(1);
  }

  private static ClientConfigurationData settings(final PulsarClient client) {
    return ((PulsarClientImpl) client).getConfiguration();
  }
}
