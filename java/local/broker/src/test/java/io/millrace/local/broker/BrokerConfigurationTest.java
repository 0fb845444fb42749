package io.millrace.local.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.bookkeeper.conf.ServerConfiguration;
import org.apache.pulsar.broker.ServiceConfiguration;
import org.apache.pulsar.broker.validator.BindAddressValidator;
import org.apache.pulsar.broker.validator.MultipleListenerValidator;
import org.apache.pulsar.common.configuration.PulsarConfigurationLoader;
import org.apache.pulsar.common.policies.data.TopicType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file means to Pulsar and BookKeeper what the names in it promise. */
class BrokerConfigurationTest {

  @TempDir private Path directory;

  @Test
  void brokerKeepsEverythingAndRecognisesRetries() throws Exception {
    final ServiceConfiguration broker = readAsBroker();

    assertThat(broker.getBrokerServicePort()).contains(16650);
    assertThat(broker.getWebServicePort()).contains(18080);
    assertThat(broker.getBindAddress()).isEqualTo("127.0.0.1");
    assertThat(broker.getAdvertisedAddress()).isEqualTo("127.0.0.1");
    assertThat(broker.isBrokerDeduplicationEnabled()).isTrue();
    assertThat(broker.getDefaultRetentionTimeInMinutes()).isEqualTo(-1);
    assertThat(broker.getDefaultRetentionSizeInMB()).isEqualTo(-1);
    assertThat(broker.getBacklogQuotaDefaultLimitBytes()).isEqualTo(-1);
    assertThat(broker.isBrokerDeleteInactiveTopicsEnabled()).isFalse();
    assertThat(broker.isAllowAutoTopicCreation()).isTrue();
    assertThat(broker.getAllowAutoTopicCreationType()).isEqualTo(TopicType.NON_PARTITIONED);
    assertThat(broker.getManagedLedgerDefaultEnsembleSize()).isEqualTo(1);
  }

  @Test
  void bookieListensOnTheLoopbackInterfaceOnly() throws Exception {
    final ServerConfiguration bookie = new ServerConfiguration();
    bookie.loadConf(write(Optional.empty()).toUri().toURL());

    assertThat(bookie.getAllowLoopback()).isTrue();
    assertThat(bookie.getListeningInterface()).startsWith("lo");
    assertThat(bookie.getLedgerStorageClass()).endsWith("DbLedgerStorage");
    assertThat(bookie.getJournalSyncData()).isFalse();
    assertThat(bookie.getDiskUsageThreshold()).isEqualTo(0.99f);
  }

  @Test
  void aClientThatComesThroughTheRelayIsSentThereAgain() throws Exception {
    final ServiceConfiguration broker =
        readAsBroker(Optional.of(new BrokerConfiguration.Relay(16750, 16850)));

    assertThat(MultipleListenerValidator.validateAndAnalysisAdvertisedListener(broker))
        .hasEntrySatisfying(
            "relayed",
            listener ->
                assertThat(listener.getBrokerServiceUrl())
                    .isEqualTo(URI.create("pulsar://127.0.0.1:16850")))
        .hasEntrySatisfying(
            "direct",
            listener ->
                assertThat(listener.getBrokerServiceUrl())
                    .isEqualTo(URI.create("pulsar://127.0.0.1:16650")));
    assertThat(BindAddressValidator.validateBindAddresses(broker, List.of("pulsar")))
        .extracting(address -> address.getListenerName() + " " + address.getAddress())
        .contains("relayed pulsar://127.0.0.1:16750");
  }

  private ServiceConfiguration readAsBroker() throws Exception {
    return readAsBroker(Optional.empty());
  }

  private ServiceConfiguration readAsBroker(final Optional<BrokerConfiguration.Relay> relay)
      throws Exception {
    try (InputStream in = new FileInputStream(write(relay).toFile())) {
      return PulsarConfigurationLoader.create(in, ServiceConfiguration.class);
    }
  }

  private Path write(final Optional<BrokerConfiguration.Relay> relay) throws Exception {
    final Path file = directory.resolve("broker.conf");
    new BrokerConfiguration(16650, 18080, relay, new BrokerConfiguration.Own()).write(file);
    return file;
  }
}
