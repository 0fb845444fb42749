package io.millrace.local.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * The settings of a broker and its bookie that live in one JVM on the loopback interface. Keys are
 * those of Pulsar's {@code broker.conf} and BookKeeper's {@code bookkeeper.conf}: the starter reads
 * one file for both.
 *
 * @param servicePort port of the binary protocol
 * @param webPort port of the admin API
 * @param relay a second way to the broker, if there is one
 * @param storage where messages are
 */
record BrokerConfiguration(int servicePort, int webPort, Optional<Relay> relay, Storage storage) {

  static final String ADDRESS = "127.0.0.1";
  static final String CLUSTER = "standalone";

  /** Where a broker has its messages. */
  sealed interface Storage {}

  /** In its own JVM: one copy. */
  record Own() implements Storage {}

  /**
   * In bookies that are processes of their own: three copies, of which two are confirmed.
   *
   * @param zooKeeperPort where it finds them
   */
  record Ensemble(int zooKeeperPort) implements Storage {

    /** The usual ten seconds are not enough on a machine with other work. */
    static final String SESSION_MILLIS = "30000";

    /** Where its metadata are, as Pulsar writes it. */
    String metadataUrl() {
      return "zk:" + ADDRESS + ":" + zooKeeperPort;
    }
  }

  /**
   * A way through somebody who passes bytes on.
   *
   * @param boundPort of the broker, where these connections arrive
   * @param advertisedPort where they are made; whoever arrives there is sent there again
   */
  record Relay(int boundPort, int advertisedPort) {}

  /** Writes the settings as a properties file. */
  void write(final Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      properties().store(out, null);
    }
  }

  Properties properties() throws SocketException, UnknownHostException {
    final Properties settings = new Properties();
    settings.setProperty("clusterName", CLUSTER);
    settings.setProperty("brokerServicePort", Integer.toString(servicePort));
    settings.setProperty("webServicePort", Integer.toString(webPort));
    settings.setProperty("bindAddress", ADDRESS);
    if (relay.isPresent()) {
      listenTwice(settings, relay.get());
    } else {
      settings.setProperty("advertisedAddress", ADDRESS);
    }
    if (storage instanceof Ensemble ensemble) {
      threeCopies(settings, ensemble);
    } else {
      // else the starter ignores the port it is given
      settings.setProperty("allowEphemeralPorts", "true");
      oneCopy(settings);
      settings.putAll(bookie());
    }
    keepEverything(settings);
    stampEntries(settings);
    smallMachine(settings);
    return settings;
  }

  /** Pulsar knows a client's way by the port where it arrives. */
  private void listenTwice(final Properties settings, final Relay way) {
    settings.setProperty("internalListenerName", "direct");
    settings.setProperty(
        "advertisedListeners",
        "direct:" + url(servicePort) + ",relayed:" + url(way.advertisedPort()));
    settings.setProperty("bindAddresses", "relayed:" + url(way.boundPort()));
  }

  private static String url(final int port) {
    return "pulsar://" + ADDRESS + ":" + port;
  }

  private static void oneCopy(final Properties settings) {
    settings.setProperty("managedLedgerDefaultEnsembleSize", "1");
    settings.setProperty("managedLedgerDefaultWriteQuorum", "1");
    settings.setProperty("managedLedgerDefaultAckQuorum", "1");
  }

  private static void threeCopies(final Properties settings, final Ensemble ensemble) {
    settings.setProperty("metadataStoreUrl", ensemble.metadataUrl());
    settings.setProperty("configurationMetadataStoreUrl", ensemble.metadataUrl());
    // of its bookies' client
    settings.setProperty("bookkeeper_zkTimeout", Ensemble.SESSION_MILLIS);
    settings.setProperty("managedLedgerDefaultEnsembleSize", "3");
    settings.setProperty("managedLedgerDefaultWriteQuorum", "3");
    settings.setProperty("managedLedgerDefaultAckQuorum", "2");
  }

  /** What every bookie on this machine has, wherever it runs. */
  static Properties bookie() throws SocketException, UnknownHostException {
    final Properties settings = new Properties();
    // without an interface it would listen on all of them
    settings.setProperty("allowLoopback", "true");
    settings.setProperty(
        "listeningInterface",
        NetworkInterface.getByInetAddress(InetAddress.getByName(ADDRESS)).getName());
    settings.setProperty(
        "ledgerStorageClass", "org.apache.bookkeeper.bookie.storage.ldb.DbLedgerStorage");
    // survives the death of the process, which is what one machine can promise
    settings.setProperty("journalSyncData", "false");
    settings.setProperty("diskUsageThreshold", "0.99");
    settings.setProperty("diskUsageWarnThreshold", "0.98");
    settings.setProperty("dbStorage_rocksDB_blockCacheSize", "33554432");
    settings.setProperty("journalMaxSizeMB", "256");
    settings.setProperty("journalMaxBackups", "1");
    return settings;
  }

  /** The audit reads every topic from its beginning, and a producer's retry must be recognised. */
  private static void keepEverything(final Properties settings) {
    settings.setProperty("brokerDeduplicationEnabled", "true");
    settings.setProperty("defaultRetentionTimeInMinutes", "-1");
    settings.setProperty("defaultRetentionSizeInMB", "-1");
    settings.setProperty("backlogQuotaDefaultLimitBytes", "-1");
    settings.setProperty("brokerDeleteInactiveTopicsEnabled", "false");
    settings.setProperty("subscriptionExpirationTimeMinutes", "0");
    settings.setProperty("allowAutoTopicCreation", "true");
    settings.setProperty("allowAutoTopicCreationType", "non-partitioned");
  }

  /** Each entry carries the broker's time and the number of its last message, as in the cluster. */
  private static void stampEntries(final Properties settings) {
    settings.setProperty(
        "brokerEntryMetadataInterceptors",
        "org.apache.pulsar.common.intercept.AppendBrokerTimestampMetadataInterceptor,"
            + "org.apache.pulsar.common.intercept.AppendIndexMetadataInterceptor");
    settings.setProperty("exposingBrokerEntryMetadataToClientEnabled", "true");
  }

  private static void smallMachine(final Properties settings) {
    settings.setProperty("loadBalancerEnabled", "false");
    settings.setProperty("systemTopicEnabled", "false");
    settings.setProperty("topicLevelPoliciesEnabled", "false");
    settings.setProperty("webSocketServiceEnabled", "false");
    settings.setProperty("managedLedgerCacheSizeMB", "128");
    settings.setProperty("dbStorage_writeCacheMaxSizeMb", "128");
    settings.setProperty("dbStorage_readAheadCacheMaxSizeMb", "64");
  }
}
