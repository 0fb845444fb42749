package io.millrace.deadletter;

import io.millrace.events.SourcePartition;
import io.millrace.events.codec.EventLayout;
import io.millrace.events.codec.Rejection;
import io.millrace.events.domain.Domain;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.TypedMessageBuilder;

/**
 * Puts dead letters back into their topic, each once: what has been put back is noted in the
 * dead-letter topic. They go in groups; a group is published by producers that are named after its
 * content, so that the broker drops it when it is published again because the note could not be
 * written. That holds as long as the broker remembers producers that are gone, six hours by
 * default. Not thread-safe.
 */
public final class Replay {

  private static final int MAX_GROUP = 2_000;
  private static final long MAX_GROUP_BYTES = 8 << 20;
  private static final int SEND_TIMEOUT_SECONDS = 60;

  /**
   * What became of the letters.
   *
   * @param replayed put back now, or, in a rehearsal, to be put back
   * @param before put back earlier, and left alone
   * @param stillNoEvents left alone because the job would refuse them again: how many for which
   *     reason
   */
  public record Outcome(long replayed, long before, Map<String, Long> stillNoEvents) {}

  /** An event on its way back. */
  private record Event(LetterId id, byte[] payload, Schema schema, int partition, long time) {}

  /** Messages of one partition and schema share a producer. */
  private record Lane(int partition, Schema schema) {}

  private final PulsarClient client;
  private final DeadLetterTopic letters;
  private final List<String> partitions;
  private final WriterSchemas schemas;
  private final long[] words;
  private final List<Event> group = new ArrayList<>();
  private final Map<String, Long> stillNoEvents = new TreeMap<>();
  private long groupBytes;
  private long replayed;
  private long before;

  /**
   * @param topic of the events
   * @throws DeadLetterException if there is no such topic
   */
  public Replay(
      final PulsarClient client,
      final DeadLetterTopic letters,
      final String topic,
      final Domain domain)
      throws DeadLetterException {
    this.client = client;
    this.letters = letters;
    this.partitions =
        DeadLetterTopic.Partitions.of(client, topic)
            .orElseThrow(() -> new DeadLetterException("Topic " + topic + " does not exist."));
    this.schemas = new WriterSchemas(client, topic, domain);
    this.words = new long[EventLayout.of(domain).stride()];
  }

  /**
   * Puts letters back as they came.
   *
   * @param rehearsal whether to send nothing and only say what would be sent
   * @throws DeadLetterException if the broker refuses; what was sent before is noted
   */
  public Outcome originals(final Selection selection, final boolean rehearsal)
      throws DeadLetterException {
    return replay(selection, rehearsal, letter -> prepare(letter, letter.payload()));
  }

  /**
   * Puts letters back with other bytes, in the schema they were sent with.
   *
   * @param repaired bytes by letter
   * @param rehearsal whether to send nothing and only say what would be sent
   * @throws DeadLetterException if one of them is no event, or no letter; nothing is sent then; or
   *     if the broker refuses
   */
  public Outcome repaired(final Map<LetterId, byte[]> repaired, final boolean rehearsal)
      throws DeadLetterException {
    final Map<LetterId, byte[]> open = new HashMap<>(repaired);
    final Selection selection = new Selection("", repaired.keySet());
    letters.forEach(
        letter -> {
          if (selection.has(letter)) {
            final byte[] payload = open.remove(letter.id());
            final String problem = problem(letter, payload);
            if (problem != null) {
              throw new DeadLetterException(
                  "The repaired bytes of " + letter.id() + " are no event: " + problem + ".");
            }
          }
        });
    if (!open.isEmpty()) {
      throw new DeadLetterException(
          letters.name() + " has no letter " + open.keySet().iterator().next() + ".");
    }
    return replay(selection, rehearsal, letter -> prepare(letter, repaired.get(letter.id())));
  }

  private Outcome replay(
      final Selection selection, final boolean rehearsal, final DeadLetterTopic.Visitor prepare)
      throws DeadLetterException {
    final DeadLetterTopic.Lock lock = letters.lock();
    try {
      letters.forEach(
          letter -> {
            if (!selection.has(letter)) {
              return;
            }
            if (letter.replayed()) {
              before++;
              return;
            }
            prepare.visit(letter);
            if (group.size() >= MAX_GROUP || groupBytes >= MAX_GROUP_BYTES) {
              finishGroup(rehearsal);
            }
          });
      finishGroup(rehearsal);
    } finally {
      lock.close();
    }
    return new Outcome(replayed, before, stillNoEvents);
  }

  /** Why the job would refuse a payload; {@code null} if it would not. Fills {@link #words}. */
  private String problem(final DeadLetter letter, final byte[] payload) throws DeadLetterException {
    final WriterSchemas.Writer writer = schemas.of(letter.schemaVersion());
    if (writer.decoder() == null) {
      return writer.reason();
    }
    final Rejection rejection = writer.decoder().decode(payload, 0, payload.length, words, 0);
    return rejection == null ? null : rejection.reason();
  }

  private void prepare(final DeadLetter letter, final byte[] payload) throws DeadLetterException {
    final String problem = problem(letter, payload);
    if (problem != null) {
      stillNoEvents.merge(problem, 1L, Long::sum);
      return;
    }
    group.add(
        new Event(
            letter.id(),
            payload,
            schemas.of(letter.schemaVersion()).schema(),
            partition(words[EventLayout.KEY], letter.originPartition()),
            words[EventLayout.TIME]));
    groupBytes += payload.length;
  }

  /** The source's partition; a number that no producer can have stays where it came from. */
  private int partition(final long source, final int origin) {
    return source == (int) source
        ? SourcePartition.of((int) source, partitions.size())
        : Math.floorMod(origin, partitions.size());
  }

  private void finishGroup(final boolean rehearsal) throws DeadLetterException {
    if (group.isEmpty()) {
      return;
    }
    if (!rehearsal) {
      publish();
      letters.acknowledge(group.stream().map(Event::id).toList());
    }
    replayed += group.size();
    group.clear();
    groupBytes = 0;
  }

  private void publish() throws DeadLetterException {
    final String token = token();
    final Map<Lane, Producer<byte[]>> producers = new LinkedHashMap<>();
    final List<CompletableFuture<MessageId>> sent = new ArrayList<>();
    try {
      for (int i = 0; i < group.size(); i++) {
        final Event event = group.get(i);
        final Lane lane = new Lane(event.partition(), event.schema());
        Producer<byte[]> producer = producers.get(lane);
        if (producer == null) {
          producer = connect(lane, "millrace-replay-" + token + "-" + producers.size());
          producers.put(lane, producer);
        }
        final TypedMessageBuilder<byte[]> message =
            producer.newMessage().sequenceId(i).value(event.payload());
        if (event.time() > 0) {
          // Pulsar knows no other event times
          message.eventTime(event.time());
        }
        sent.add(message.sendAsync());
      }
      for (Producer<byte[]> producer : producers.values()) {
        producer.flush();
      }
      for (CompletableFuture<MessageId> message : sent) {
        message.join();
      }
    } catch (PulsarClientException | CompletionException e) {
      throw new DeadLetterException(
          String.format(
              Locale.ROOT,
              "After %d letters the broker refused more: %s",
              replayed,
              PulsarClientException.unwrap(e).getMessage()),
          e);
    } finally {
      producers.values().forEach(Producer::closeAsync);
    }
  }

  private Producer<byte[]> connect(final Lane lane, final String name)
      throws PulsarClientException {
    return client
        .newProducer(org.apache.pulsar.client.api.Schema.NATIVE_AVRO(lane.schema()))
        .topic(partitions.get(lane.partition()))
        .producerName(name)
        .sendTimeout(SEND_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .blockIfQueueFull(true)
        .compressionType(CompressionType.LZ4)
        .create();
  }

  /** The same for the same letters and bytes. */
  private String token() {
    try {
      final MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Event event : group) {
        digest.update(event.id().toString().getBytes(StandardCharsets.UTF_8));
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(event.payload().length).flip());
        digest.update(event.payload());
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
