package io.millrace.local.broker;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.pulsar.PulsarStandaloneStarter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * A Pulsar broker with its bookie and metadata store in this JVM, on 127.0.0.1, with one
 * partitioned topic and, if asked for, topics beside it. Started again on the same directory and
 * ports it carries on with the same data. It is ready when the admin API knows the topic's
 * partitions: the topic is made last.
 */
@Command(name = "broker", description = "Runs a Pulsar broker with one partitioned topic.")
public final class StandaloneBroker implements Callable<Integer> {

  @Mixin private BrokerFlags flags;

  @Option(names = "--bookie-port", required = true, description = "Port of the bookie.")
  private int bookiePort;

  private StandaloneBroker() {}

  public static void main(final String[] args) {
    final int exitCode = new CommandLine(new StandaloneBroker()).execute(args);
    if (exitCode != 0) {
      // the broker's threads would keep a half-started JVM alive
      System.exit(exitCode);
    }
  }

  @Override
  public Integer call() throws Exception {
    final Path data = flags.data();
    final Path settings = data.resolve("broker.conf");
    flags.configuration(new BrokerConfiguration.Own()).write(settings);
    final Path stored = relative(data);
    final PulsarStandaloneStarter starter =
        new PulsarStandaloneStarter(
            new String[] {
              "--config",
              settings.toString(),
              "--no-functions-worker",
              "--no-stream-storage",
              "--metadata-url",
              "rocksdb:" + stored.resolve("metadata"),
              "--bookkeeper-dir",
              stored.resolve("bookkeeper").toString(),
              "--bookkeeper-port",
              Integer.toString(bookiePort),
              "--num-bookies",
              "1"
            });
    starter.start();
    AdminGuard.on(starter);
    flags.createTopics();
    return 0;
  }

  /**
   * A path that begins where this process works: Pulsar makes a URI of the one and a list of the
   * other, in which a space or a comma of an absolute path would have a meaning.
   */
  static Path relative(final Path path) {
    return Path.of("").toAbsolutePath().relativize(path.toAbsolutePath());
  }
}
