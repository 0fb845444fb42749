package io.millrace.hooks.ensemble;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real ensemble on the loopback interface: ZooKeeper, four bookies and a broker, each in its own
 * JVM and configured like the cluster's (Pulsar's metadata driver, DbLedgerStorage, 3/3/2), with
 * small ledgers so that a few seconds of load spread over many of them.
 */
public final class Ensemble implements AutoCloseable {
  public static final int BOOKIES = 4;

  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final List<String> METADATA_DRIVERS =
      List.of(
          "-Dbookkeeper.metadata.bookie.drivers="
              + "org.apache.pulsar.metadata.bookkeeper.PulsarMetadataBookieDriver",
          "-Dbookkeeper.metadata.client.drivers="
              + "org.apache.pulsar.metadata.bookkeeper.PulsarMetadataClientDriver");

  private final Path directory;
  private final int zooKeeperPort = freePort();
  private final int brokerPort = freePort();
  private final int adminPort = freePort();
  private final int httpPrefix = freePrefix();
  private final int[] bookiePorts = {freePort(), freePort(), freePort(), freePort()};
  private final Map<Integer, ServerProcess> bookies = new TreeMap<>();
  private ServerProcess zooKeeper;
  private ServerProcess broker;

  private Ensemble(Path directory) {
    this.directory = directory;
  }

  /** Starts everything and waits until the broker serves {@code public/default}. */
  public static Ensemble start(Path directory) throws Exception {
    Ensemble ensemble = new Ensemble(directory);
    try {
      ensemble.startAll();
      return ensemble;
    } catch (Exception | Error e) {
      ensemble.close();
      throw e;
    }
  }

  private void startAll() throws Exception {
    zooKeeper =
        ServerProcess.start(
            "zookeeper",
            directory,
            List.of(
                "-Xmx128m",
                "-Dzookeeper.admin.enableServer=false",
                "-Dzookeeper.forceSync=no",
                "-Dzookeeper.maxCnxns=0"),
            "org.apache.zookeeper.server.ZooKeeperServerMain",
            Integer.toString(zooKeeperPort),
            Files.createDirectories(directory.resolve("zookeeper")).toString());
    await().atMost(START_LIMIT).until(() -> listens(zooKeeperPort));
    try (ServerProcess setup =
        ServerProcess.start(
            "setup",
            directory,
            Stream.concat(Stream.of("-Xmx256m"), METADATA_DRIVERS.stream()).toList(),
            "org.apache.pulsar.PulsarClusterMetadataSetup",
            "--cluster",
            "test",
            "--metadata-store",
            "zk:" + zooKeeper(),
            "--configuration-metadata-store",
            "zk:" + zooKeeper(),
            "--web-service-url",
            adminUrl().toString(),
            "--broker-service-url",
            serviceUrl())) {
      if (setup.exitCode(START_LIMIT) != 0) {
        throw new IllegalStateException("metadata setup failed:\n" + setup.output());
      }
    }
    for (int ordinal = 0; ordinal < BOOKIES; ordinal++) {
      startBookie(ordinal);
    }
    for (int ordinal = 0; ordinal < BOOKIES; ordinal++) {
      awaitBookie(ordinal);
    }
    broker =
        ServerProcess.start(
            "broker",
            directory,
            Stream.concat(
                    Stream.of("-Xmx384m", "-XX:MaxDirectMemorySize=384m"),
                    METADATA_DRIVERS.stream())
                .toList(),
            "org.apache.pulsar.PulsarBrokerStarter",
            "-c",
            brokerConfiguration().toString());
    await().atMost(START_LIMIT).until(this::namespaceExists);
  }

  /** Starts a bookie on the disks of its ordinal. */
  public void startBookie(int ordinal) throws IOException {
    bookies.put(
        ordinal,
        ServerProcess.start(
            "bookie-" + ordinal,
            directory,
            Stream.concat(
                    Stream.of("-Xmx128m", "-XX:MaxDirectMemorySize=192m"),
                    METADATA_DRIVERS.stream())
                .toList(),
            "org.apache.bookkeeper.server.Main",
            "--conf",
            bookieConfiguration(ordinal).toString()));
  }

  /** Waits until the bookie's HTTP interface says that it is ready. */
  public void awaitBookie(int ordinal) {
    await()
        .atMost(START_LIMIT)
        .until(() -> httpStatus("http://127.0.0.1:" + httpPrefix + ordinal + "/heartbeat") == 200);
  }

  /** Kills a bookie as a lost pod is killed. */
  public void killBookie(int ordinal) {
    bookies.remove(ordinal).close();
  }

  /** Waits until a bookie that cannot start has ended, and returns what it wrote. */
  public String failedStart(int ordinal) throws IOException, InterruptedException {
    ServerProcess bookie = bookies.remove(ordinal);
    try (bookie) {
      if (bookie.exitCode(START_LIMIT) == 0) {
        throw new AssertionError("bookie-" + ordinal + " ended without an error");
      }
      return bookie.output();
    }
  }

  /** Empties the disks of an ordinal, as deleting its claims does. */
  public void wipeBookie(int ordinal) throws IOException {
    try (Stream<Path> files = Files.walk(disks(ordinal))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  public String zooKeeper() {
    return "127.0.0.1:" + zooKeeperPort;
  }

  public URI metadataServiceUri() {
    return URI.create("zk+hierarchical://" + zooKeeper() + "/ledgers");
  }

  public URI adminUrl() {
    return URI.create("http://127.0.0.1:" + adminPort);
  }

  public String serviceUrl() {
    return "pulsar://127.0.0.1:" + brokerPort;
  }

  /** The address of the bookies' HTTP interface with a placeholder for the ordinal. */
  public String bookieHttp() {
    return "http://127.0.0.1:" + httpPrefix + "{ordinal}";
  }

  /** The id that a bookie has in a cluster, where it is its pod's name. */
  public static String bookieId(int ordinal) {
    return "bookie-" + ordinal + ".bookie.pulsar.svc.cluster.local:3181";
  }

  private Path disks(int ordinal) {
    return directory.resolve("disks-" + ordinal);
  }

  private Path bookieConfiguration(int ordinal) throws IOException {
    Map<String, String> configuration = new TreeMap<>();
    configuration.put("metadataServiceUri", "metadata-store:zk:" + zooKeeper());
    configuration.put("zkTimeout", "6000");
    configuration.put("bookieId", bookieId(ordinal));
    configuration.put("bookiePort", Integer.toString(bookiePorts[ordinal]));
    configuration.put("advertisedAddress", "127.0.0.1");
    configuration.put("allowLoopback", "true");
    configuration.put("httpServerEnabled", "true");
    configuration.put("httpServerClass", "org.apache.bookkeeper.http.vertx.VertxHttpServer");
    configuration.put("httpServerHost", "127.0.0.1");
    configuration.put("httpServerPort", httpPrefix + "" + ordinal);
    configuration.put("journalDirectories", disks(ordinal).resolve("journal").toString());
    configuration.put("ledgerDirectories", disks(ordinal).resolve("ledgers").toString());
    configuration.put("journalSyncData", "false");
    configuration.put("journalPreAllocSizeMB", "1");
    configuration.put(
        "ledgerStorageClass", "org.apache.bookkeeper.bookie.storage.ldb.DbLedgerStorage");
    configuration.put("dbStorage_writeCacheMaxSizeMb", "8");
    configuration.put("dbStorage_readAheadCacheMaxSizeMb", "8");
    configuration.put("dbStorage_rocksDB_blockCacheSize", "8388608");
    configuration.put("autoRecoveryDaemonEnabled", "false");
    configuration.put("diskUsageThreshold", "0.99");
    configuration.put("diskUsageWarnThreshold", "0.98");
    configuration.put("diskUsageLwmThreshold", "0.97");
    return write("bookie-" + ordinal + ".conf", configuration);
  }

  private Path brokerConfiguration() throws IOException {
    Map<String, String> configuration = new TreeMap<>();
    configuration.put("clusterName", "test");
    configuration.put("metadataStoreUrl", "zk:" + zooKeeper());
    configuration.put("configurationMetadataStoreUrl", "zk:" + zooKeeper());
    configuration.put("brokerServicePort", Integer.toString(brokerPort));
    configuration.put("webServicePort", Integer.toString(adminPort));
    configuration.put("bindAddress", "127.0.0.1");
    configuration.put("advertisedAddress", "127.0.0.1");
    configuration.put("managedLedgerDefaultEnsembleSize", "3");
    configuration.put("managedLedgerDefaultWriteQuorum", "3");
    configuration.put("managedLedgerDefaultAckQuorum", "2");
    configuration.put("managedLedgerMaxEntriesPerLedger", "200");
    configuration.put("managedLedgerMinLedgerRolloverTimeMinutes", "0");
    configuration.put("managedLedgerCacheSizeMB", "1");
    configuration.put("numIOThreads", "2");
    configuration.put("numHttpServerThreads", "8");
    configuration.put("brokerDeduplicationEnabled", "true");
    configuration.put("topicLevelPoliciesEnabled", "true");
    configuration.put("systemTopicEnabled", "true");
    configuration.put("allowAutoTopicCreation", "false");
    configuration.put("brokerDeleteInactiveTopicsEnabled", "false");
    configuration.put("isSchemaValidationEnforced", "true");
    configuration.put("isAllowAutoUpdateSchemaEnabled", "false");
    configuration.put("functionsWorkerEnabled", "false");
    configuration.put("defaultRetentionTimeInMinutes", "-1");
    configuration.put("defaultRetentionSizeInMB", "-1");
    return write("broker.conf", configuration);
  }

  private Path write(String name, Map<String, String> configuration) throws IOException {
    return Files.writeString(
        directory.resolve(name),
        configuration.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
            .collect(Collectors.joining()));
  }

  private boolean namespaceExists() {
    if (!broker.isAlive()) {
      throw new IllegalStateException("the broker ended, see " + directory.resolve("broker.log"));
    }
    return httpStatus(adminUrl() + "/admin/v2/namespaces/public/default") == 200;
  }

  private static int httpStatus(String url) {
    try {
      HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
      connection.setConnectTimeout(1_000);
      connection.setReadTimeout(5_000);
      return connection.getResponseCode();
    } catch (IOException e) {
      // not up yet
      return -1;
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      // not up yet
      return false;
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns p so that the ports p0 to p3 are free and below the range of {@link #freePort}. */
  private static int freePrefix() {
    Random random = new Random();
    while (true) {
      int prefix = 1_100 + random.nextInt(2_000);
      try {
        for (int ordinal = 0; ordinal < BOOKIES; ordinal++) {
          new ServerSocket(prefix * 10 + ordinal, 1, InetAddress.getLoopbackAddress()).close();
        }
        return prefix;
      } catch (IOException e) {
        // one of them is taken: the next prefix
        continue;
      }
    }
  }

  @Override
  public void close() {
    if (broker != null) {
      broker.close();
    }
    bookies.values().forEach(ServerProcess::close);
    if (zooKeeper != null) {
      zooKeeper.close();
    }
  }
}
