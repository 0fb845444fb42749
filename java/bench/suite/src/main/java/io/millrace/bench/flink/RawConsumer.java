package io.millrace.bench.flink;

import io.millrace.local.RunFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.apache.pulsar.client.api.SubscriptionMode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Receives every message of a topic and does nothing with it: what the client can do at best. A
 * process of its own.
 */
@Command(name = "raw-consumer", description = "Receives a topic's messages and counts them.")
public final class RawConsumer implements Callable<Integer> {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration SLOWEST = Duration.ofMinutes(2);

  @Option(names = "--service-url", required = true)
  private String serviceUrl;

  @Option(names = "--topic", required = true)
  private String topic;

  @Option(names = "--messages", required = true)
  private long messages;

  @Option(names = "--threads", required = true)
  private int threads;

  @Option(names = "--receiver-queue", required = true)
  private int receiverQueue;

  @Option(names = "--warm-up-ms", required = true)
  private long warmUpMillis;

  @Option(names = "--measured-ms", required = true)
  private long measuredMillis;

  @Option(names = "--report", required = true, description = "File for messages per second.")
  private Path report;

  private final LongAdder received = new LongAdder();
  private volatile boolean stopped;

  private RawConsumer() {}

  public static void main(final String[] args) {
    System.exit(new CommandLine(new RawConsumer()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (PulsarClient client =
        PulsarClient.builder().serviceUrl(serviceUrl).ioThreads(threads).build()) {
      final List<String> partitions = client.getPartitionsForTopic(topic, false).join();
      final List<Thread> loops = new ArrayList<>();
      for (int i = 0; i < partitions.size(); i++) {
        final String partition = partitions.get(i);
        loops.add(new Thread(() -> receive(client, partition), "receive-" + i));
      }
      loops.forEach(Thread::start);
      Files.writeString(report, Double.toString(rate()));
      stopped = true;
      for (final Thread loop : loops) {
        loop.join();
      }
    }
    return 0;
  }

  private double rate() throws InterruptedException {
    final Throughput throughput = new Throughput(Duration.ofMillis(warmUpMillis));
    final long deadline = System.nanoTime() + SLOWEST.toNanos();
    while (true) {
      final long count = received.sum();
      throughput.look(System.nanoTime(), count, 0);
      if (count >= messages || throughput.measured().toMillis() >= measuredMillis) {
        return throughput.reading().msgsPerS();
      }
      if (System.nanoTime() - deadline > 0) {
        throw new RunFailedException("only " + count + " of " + messages + " messages came");
      }
      Thread.sleep(POLL.toMillis());
    }
  }

  private void receive(final PulsarClient client, final String partition) {
    try (Consumer<byte[]> consumer =
        client
            .newConsumer(Schema.BYTES)
            .topic(partition)
            .subscriptionName("raw-consumer")
            .subscriptionMode(SubscriptionMode.NonDurable)
            .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
            .receiverQueueSize(receiverQueue)
            .poolMessages(true)
            .subscribe()) {
      while (!stopped) {
        final Message<byte[]> message =
            consumer.receive((int) POLL.toMillis(), TimeUnit.MILLISECONDS);
        if (message != null) {
          received.increment();
          message.release();
        }
      }
    } catch (PulsarClientException e) {
      throw new RunFailedException("The topic cannot be read: " + e.getMessage(), e);
    }
  }
}
