package io.millrace.local.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import org.apache.bookkeeper.conf.ServerConfiguration;
import org.apache.pulsar.broker.ServiceConfiguration;
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
    bookie.loadConf(write().toUri().toURL());

    assertThat(bookie.getAllowLoopback()).isTrue();
    assertThat(bookie.getListeningInterface()).startsWith("lo");
    assertThat(bookie.getLedgerStorageClass()).endsWith("DbLedgerStorage");
    assertThat(bookie.getJournalSyncData()).isFalse();
    assertThat(bookie.getDiskUsageThreshold()).isEqualTo(0.99f);
  }

  private ServiceConfiguration readAsBroker() throws Exception {
    try (InputStream in = new FileInputStream(write().toFile())) {
      return PulsarConfigurationLoader.create(in, ServiceConfiguration.class);
    }
  }

  private Path write() throws Exception {
    final Path file = directory.resolve("broker.conf");
    new BrokerConfiguration(16650, 18080).write(file);
    return file;
  }
}
