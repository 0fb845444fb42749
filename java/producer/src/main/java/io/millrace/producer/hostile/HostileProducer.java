package io.millrace.producer.hostile;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.events.domain.Domain;
import io.millrace.events.domain.InvalidDomainException;
import io.millrace.options.DurationConverter;
import io.millrace.producer.AvroPayloadSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.TypedMessageBuilder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Sends hostile messages to a topic at an even rate: half of them alone and without a schema, half
 * in compressed batches that claim the domain's schema; hostile schemas have producers of their
 * own.
 */
@Command(
    name = "hostile",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Sends messages that a pipeline must survive without losing one.",
    footer = {"", "Exit codes: 0 every message was confirmed, 1 not so, 2 bad usage."})
public final class HostileProducer implements Callable<Integer> {

  private static final int MAX_MESSAGES = 100_000_000;

  @Spec private CommandSpec spec;

  @Option(names = "--domain", defaultValue = "iot", description = "Default: ${DEFAULT-VALUE}.")
  private String domain;

  @Option(names = "--service-url", required = true, description = "Of Pulsar: pulsar://host:port.")
  private String serviceUrl;

  @Option(names = "--topic", description = "Default: the domain's.")
  private String topic;

  @Option(names = "--messages", required = true, description = "How many to send.")
  private int messages;

  @Option(
      names = "--duration",
      defaultValue = "1m",
      description = "Over how long. Default: ${DEFAULT-VALUE}.")
  private Duration duration;

  @Option(
      names = "--sources",
      defaultValue = "100000",
      description = "Sources whose numbers are abused. Default: ${DEFAULT-VALUE}.")
  private int sources;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--report", description = "File for the outcome as JSON.")
  private Path report;

  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  private HostileProducer() {}

  /** Runs the command and ends the process. */
  public static void main(final String[] args) {
    System.exit(
        new CommandLine(new HostileProducer())
            .registerConverter(Duration.class, new DurationConverter())
            .execute(args));
  }

  /**
   * The outcome.
   *
   * @param byKind messages sent of each kind
   */
  private record Outcome(long sent, long acknowledged, Map<Hostility, Long> byKind) {}

  @Override
  public Integer call() throws IOException {
    if (messages < 1 || messages > MAX_MESSAGES) {
      throw new ParameterException(
          spec.commandLine(),
          "--messages is " + messages + "; it must be from 1 to " + MAX_MESSAGES);
    }
    try {
      final Outcome outcome = send(Domain.load(domain));
      spec.commandLine().getOut().println(outcome);
      if (report != null) {
        JsonMapper.builder().build().writeValue(report.toFile(), outcome);
      }
      if (failure.get() != null) {
        throw PulsarClientException.unwrap(failure.get());
      }
      return ExitCode.OK;
    } catch (InvalidDomainException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    } catch (PulsarClientException e) {
      spec.commandLine().getErr().println("The broker refused a message: " + e.getMessage());
      return ExitCode.SOFTWARE;
    }
  }

  private Outcome send(final Domain events) throws PulsarClientException {
    final String name = topic == null ? events.topic() : topic;
    final Map<Hostility, Long> byKind = new EnumMap<>(Hostility.class);
    try (PulsarClient client = PulsarClient.builder().serviceUrl(serviceUrl).build()) {
      final List<String> partitions = client.getPartitionsForTopic(name, false).join();
      final Map<HostileSchema, List<Producer<byte[]>>> foreign = new EnumMap<>(HostileSchema.class);
      for (HostileSchema schema : HostileSchema.values()) {
        final List<Producer<byte[]>> producers = new ArrayList<>();
        for (int p = 0; p < partitions.size(); p++) {
          producers.add(
              connect(
                      client.newProducer(new AvroPayloadSchema(schema.text(events))),
                      // one name but for the number, which no two share in a partition
                      "hostile-schema-p" + (schema.ordinal() * partitions.size() + p),
                      partitions.get(p))
                  .create());
        }
        foreign.put(schema, producers);
      }
      final List<Producer<byte[]>> single = new ArrayList<>();
      final List<Producer<byte[]>> batched = new ArrayList<>();
      for (int p = 0; p < partitions.size(); p++) {
        single.add(
            connect(
                    EnvelopeForger.at(client.newProducer(Schema.BYTES)),
                    "hostile-single-p" + p,
                    partitions.get(p))
                .enableBatching(false)
                .create());
        batched.add(
            connect(
                    client.newProducer(new AvroPayloadSchema(events.schema())),
                    "hostile-batched-p" + p,
                    partitions.get(p))
                .compressionType(CompressionType.LZ4)
                .create());
      }
      final HostileMessages source = new HostileMessages(events, sources, partitions.size(), seed);
      final long start = System.nanoTime();
      for (int i = 0; i < messages && failure.get() == null; i++) {
        awaitTurn(start + (long) ((double) duration.toNanos() * i / messages));
        final HostileMessages.Message message = source.next(System.currentTimeMillis());
        final List<Producer<byte[]>> producers =
            message.schema() != null
                ? foreign.get(message.schema())
                : message.envelope() != null || i % 2 == 0 ? single : batched;
        built(producers.get(message.partition()), message)
            .sendAsync()
            .whenComplete((id, error) -> completed(error));
        byKind.merge(message.kind(), 1L, Long::sum);
      }
      for (List<Producer<byte[]>> producers : all(single, batched, foreign)) {
        for (Producer<byte[]> producer : producers) {
          producer.close();
        }
      }
    }
    final long sent = byKind.values().stream().mapToLong(Long::longValue).sum();
    return new Outcome(sent, acknowledged.get(), byKind);
  }

  private static TypedMessageBuilder<byte[]> built(
      final Producer<byte[]> producer, final HostileMessages.Message message) {
    final TypedMessageBuilder<byte[]> built = producer.newMessage().value(message.payload());
    if (message.envelope() != null) {
      built.property(EnvelopeForger.PROPERTY, message.envelope().name());
    }
    return built;
  }

  private static List<List<Producer<byte[]>>> all(
      final List<Producer<byte[]>> single,
      final List<Producer<byte[]>> batched,
      final Map<HostileSchema, List<Producer<byte[]>>> foreign) {
    final List<List<Producer<byte[]>>> all = new ArrayList<>(List.of(single, batched));
    all.addAll(foreign.values());
    return all;
  }

  private static ProducerBuilder<byte[]> connect(
      final ProducerBuilder<byte[]> producer, final String name, final String partition) {
    return producer
        .topic(partition)
        .producerName(name)
        .sendTimeout(0, TimeUnit.SECONDS)
        .blockIfQueueFull(true);
  }

  private static void awaitTurn(final long nanoTime) {
    long wait = nanoTime - System.nanoTime();
    while (wait > 0) {
      LockSupport.parkNanos(wait);
      wait = nanoTime - System.nanoTime();
    }
  }

  private void completed(final Throwable error) {
    if (error == null) {
      acknowledged.incrementAndGet();
    } else {
      failure.compareAndSet(null, error);
    }
  }
}
