package io.millrace.bench.raw;

import io.millrace.events.codec.EventEncoder;
import io.millrace.events.codec.EventLayout;
import io.millrace.events.domain.Domain;
import io.millrace.events.generate.EventGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.SizeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Sends payloads that were encoded beforehand as fast as the Pulsar client takes them, and does
 * nothing else: no key, no sequence ids of its own, no callback, no statistics. Runs until it is
 * ended.
 */
@Command(name = "raw-producer", sortOptions = false)
public final class RawProducer implements Callable<Integer> {

  /** Events of different sources, more than fit into LZ4's window of 64 KiB. */
  private static final int PAYLOADS = 20_000;

  private static final long FIRST_EVENT_MILLIS = 1_700_000_000_000L;
  private static final long CLIENT_MEMORY_MB = 256;

  @Option(names = "--service-url", required = true)
  private String serviceUrl;

  @Option(names = "--topic", required = true)
  private String topic;

  @Option(names = "--domain", required = true)
  private String domain;

  @Option(names = "--threads", required = true, description = "Each with its own producer.")
  private int threads;

  @Option(names = "--batch-delay-ms", required = true)
  private long batchDelayMs;

  @Option(names = "--batch-bytes", required = true)
  private int batchBytes;

  @Option(names = "--batch-messages", required = true)
  private int batchMessages;

  @Option(names = "--pending", required = true, description = "Most unconfirmed, per partition.")
  private int pending;

  private RawProducer() {}

  public static void main(final String[] args) {
    System.exit(new CommandLine(new RawProducer()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    final byte[][] payloads = payloads(Domain.load(domain));
    System.out.printf(
        Locale.ROOT,
        "Sending payloads of %.1f bytes on average%n",
        Arrays.stream(payloads).mapToInt(p -> p.length).average().orElseThrow());
    final AtomicReference<Throwable> failure = new AtomicReference<>();
    try (PulsarClient client =
        PulsarClient.builder()
            .serviceUrl(serviceUrl)
            .ioThreads(threads)
            .loadConf(Map.of("statsIntervalSeconds", 0))
            .memoryLimit(CLIENT_MEMORY_MB, SizeUnit.MEGA_BYTES)
            .build()) {
      final List<Thread> senders = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        final Producer<byte[]> producer = producer(client);
        final Thread sender = new Thread(() -> send(producer, payloads), "sender-" + i);
        sender.setUncaughtExceptionHandler((t, e) -> failure.compareAndSet(null, e));
        sender.start();
        senders.add(sender);
      }
      for (final Thread sender : senders) {
        sender.join();
      }
    }
    throw new IllegalStateException("A sender ended", failure.get());
  }

  private static byte[][] payloads(final Domain domain) {
    final EventGenerator generator = new EventGenerator(domain, 1);
    final EventEncoder encoder = new EventEncoder(domain);
    final long[] words = new long[EventLayout.of(domain).stride()];
    final byte[] buffer = new byte[encoder.maxEncodedSize()];
    final byte[][] payloads = new byte[PAYLOADS][];
    for (int source = 0; source < PAYLOADS; source++) {
      generator.generate(source, source, FIRST_EVENT_MILLIS + source, words, 0);
      payloads[source] = Arrays.copyOf(buffer, encoder.encode(words, 0, buffer, 0));
    }
    return payloads;
  }

  private Producer<byte[]> producer(final PulsarClient client) throws PulsarClientException {
    return client
        .newProducer()
        .topic(topic)
        .compressionType(CompressionType.LZ4)
        .enableBatching(true)
        .batchingMaxPublishDelay(batchDelayMs, TimeUnit.MILLISECONDS)
        .batchingMaxBytes(batchBytes)
        .batchingMaxMessages(batchMessages)
        .maxPendingMessages(pending)
        .blockIfQueueFull(true)
        .sendTimeout(0, TimeUnit.SECONDS)
        .create();
  }

  private static void send(final Producer<byte[]> producer, final byte[][] payloads) {
    while (true) {
      for (final byte[] payload : payloads) {
        producer.sendAsync(payload);
      }
    }
  }
}
