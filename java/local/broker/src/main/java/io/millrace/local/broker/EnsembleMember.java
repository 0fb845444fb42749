package io.millrace.local.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.apache.bookkeeper.server.Main;
import org.apache.pulsar.PulsarClusterMetadataSetup;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * One process of what a broker stores its messages in, on 127.0.0.1: ZooKeeper or a bookie. Started
 * again on the same directory and ports it carries on with the same data.
 */
@Command(name = "ensemble-member", description = "Runs ZooKeeper or a bookie.")
public final class EnsembleMember {

  private EnsembleMember() {}

  public static void main(final String[] args) {
    final int exitCode =
        new CommandLine(new EnsembleMember())
            .addSubcommand(new ZooKeeper())
            .addSubcommand(new Metadata())
            .addSubcommand(new Bookie())
            .execute(args);
    System.exit(exitCode);
  }

  /** Brokers and bookies find each other as in a cluster of Pulsar. */
  static void useMetadataStore() {
    System.setProperty(
        "bookkeeper.metadata.bookie.drivers",
        "org.apache.pulsar.metadata.bookkeeper.PulsarMetadataBookieDriver");
    System.setProperty(
        "bookkeeper.metadata.client.drivers",
        "org.apache.pulsar.metadata.bookkeeper.PulsarMetadataClientDriver");
  }

  private static Path write(final Path directory, final String name, final Properties settings)
      throws IOException {
    final Path file = Files.createDirectories(directory).resolve(name);
    try (OutputStream out = Files.newOutputStream(file)) {
      settings.store(out, null);
    }
    return file;
  }

  /** The metadata, until it is ended. */
  @Command(name = "zookeeper")
  static final class ZooKeeper implements Callable<Integer> {

    @Option(names = "--data", required = true, description = "Directory of everything it stores.")
    private Path data;

    @Option(names = "--port", required = true, description = "Port for clients.")
    private int port;

    @Override
    public Integer call() throws IOException {
      // survives the death of the process, which is what one machine can promise
      System.setProperty("zookeeper.forceSync", "no");
      final Properties settings = new Properties();
      settings.setProperty("dataDir", data.resolve("zookeeper").toString());
      settings.setProperty("clientPort", Integer.toString(port));
      settings.setProperty("clientPortAddress", BrokerConfiguration.ADDRESS);
      settings.setProperty("maxClientCnxns", "0");
      settings.setProperty("admin.enableServer", "false");
      QuorumPeerMain.main(new String[] {write(data, "zookeeper.cfg", settings).toString()});
      return 0;
    }
  }

  /** Makes what brokers and bookies expect to find, and ends. */
  @Command(name = "metadata")
  static final class Metadata implements Callable<Integer> {

    @Option(names = "--zookeeper-port", required = true, description = "Port of ZooKeeper.")
    private int zooKeeperPort;

    @Option(names = "--port", required = true, description = "Port of the broker.")
    private int port;

    @Option(names = "--web-port", required = true, description = "Port of its admin API.")
    private int webPort;

    @Override
    public Integer call() throws Exception {
      useMetadataStore();
      final String metadata = new BrokerConfiguration.Ensemble(zooKeeperPort).metadataUrl();
      PulsarClusterMetadataSetup.main(
          new String[] {
            "--cluster",
            BrokerConfiguration.CLUSTER,
            "--metadata-store",
            metadata,
            "--configuration-metadata-store",
            metadata,
            "--web-service-url",
            "http://" + BrokerConfiguration.ADDRESS + ":" + webPort,
            "--broker-service-url",
            "pulsar://" + BrokerConfiguration.ADDRESS + ":" + port
          });
      return 0;
    }
  }

  /** Messages, until it is ended. */
  @Command(name = "bookie")
  static final class Bookie implements Callable<Integer> {

    @Option(names = "--data", required = true, description = "Directory of everything it stores.")
    private Path data;

    @Option(names = "--port", required = true, description = "Port for brokers.")
    private int port;

    @Option(names = "--zookeeper-port", required = true, description = "Port of ZooKeeper.")
    private int zooKeeperPort;

    @Option(
        names = "--delay-file",
        required = true,
        description = "While it exists, its disk is slower by the milliseconds in it.")
    private Path delayFile;

    @Override
    public Integer call() throws IOException {
      useMetadataStore();
      final Properties settings = BrokerConfiguration.bookie();
      settings.setProperty("journalChannelProvider", SlowJournal.class.getName());
      settings.setProperty(SlowJournal.DELAY_FILE, delayFile.toString());
      settings.setProperty(
          "metadataServiceUri",
          "metadata-store:" + new BrokerConfiguration.Ensemble(zooKeeperPort).metadataUrl());
      settings.setProperty("zkTimeout", BrokerConfiguration.Ensemble.SESSION_MILLIS);
      settings.setProperty("bookiePort", Integer.toString(port));
      settings.setProperty("advertisedAddress", BrokerConfiguration.ADDRESS);
      settings.setProperty(
          "journalDirectories", StandaloneBroker.relative(data).resolve("journal").toString());
      settings.setProperty(
          "ledgerDirectories", StandaloneBroker.relative(data).resolve("ledgers").toString());
      settings.setProperty("dbStorage_writeCacheMaxSizeMb", "32");
      settings.setProperty("dbStorage_readAheadCacheMaxSizeMb", "16");
      Main.main(new String[] {"--conf", write(data, "bookie.conf", settings).toString()});
      return 0;
    }
  }
}
