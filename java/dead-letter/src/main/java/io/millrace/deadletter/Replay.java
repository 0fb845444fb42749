package io.millrace.deadletter;

import io.millrace.events.SourcePartition;
import io.millrace.events.codec.EventLayout;
import io.millrace.events.codec.Rejection;
import io.millrace.events.domain.Domain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * Puts dead letters back into their topic, each once. They go in groups: a group is noted in the
 * dead-letter topic before it is sent ({@link ReplayPlan}) and when all of it is stored. The next
 * replay finishes a group that was interrupted, whatever it is asked for, before it starts its own.
 * Not thread-safe.
 */
public final class Replay {

  private static final int MAX_GROUP = 2_000;
  private static final long MAX_GROUP_BYTES = 8 << 20;

  /** A letter above this might be refused, while those behind it are stored. */
  private static final int ALONE_ABOVE_BYTES = 4 << 20;

  private static final int ATTEMPTS = 3;
  private static final long PAUSE_MILLIS = 1_000;
  private static final long NOT_STORED = -1;

  /**
   * What became of the letters.
   *
   * @param replayed put back now, or, in a rehearsal, to be put back
   * @param before put back earlier, and left alone
   * @param stillNoEvents left alone because the job would refuse them again: how many for which
   *     reason
   */
  public record Outcome(long replayed, long before, Map<String, Long> stillNoEvents) {}

  /**
   * An event on its way back.
   *
   * @param sequenceId its id among those of its lane
   * @param time its own, milliseconds since the epoch
   */
  private record Event(
      ReplayPlan.Entry entry, long sequenceId, byte[] payload, Schema schema, long time) {}

  /** Letters of one partition and schema share a producer. */
  private record Lane(int partition, Schema schema) {}

  /** A letter that was sent. */
  private record Sent(LetterId id, CompletableFuture<MessageId> position) {}

  private final PulsarClient client;
  private final DeadLetterTopic letters;
  private final List<String> partitions;
  private final WriterSchemas schemas;
  private final long[] words;
  private final List<Event> group = new ArrayList<>();
  private final Map<Lane, Integer> lanes = new HashMap<>();
  private final Map<Integer, Long> lettersOfLanes = new HashMap<>();
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
    return replay(selection, rehearsal, letter -> prepare(letter, Optional.empty()));
  }

  /**
   * Puts letters back with other bytes, in the schema they were sent with. Letters of a group that
   * was interrupted are put back with the bytes that they were given then.
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
    return replay(
        selection, rehearsal, letter -> prepare(letter, Optional.of(repaired.get(letter.id()))));
  }

  private Outcome replay(
      final Selection selection, final boolean rehearsal, final DeadLetterTopic.Visitor prepare)
      throws DeadLetterException {
    final DeadLetterTopic.Lock lock = letters.lock();
    try {
      // whoever had the lock before may have put letters back since they were read
      letters.refresh();
      if (!rehearsal) {
        for (ReplayPlan plan : letters.unfinished()) {
          finish(plan);
        }
      }
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

  /** Sends what is missing of a group that was interrupted. */
  void finish(final ReplayPlan plan) throws DeadLetterException {
    final Map<LetterId, DeadLetter> found = new HashMap<>();
    final Set<LetterId> wanted =
        plan.entries().stream().map(ReplayPlan.Entry::id).collect(Collectors.toSet());
    letters.forEach(
        letter -> {
          if (wanted.contains(letter.id())) {
            found.put(letter.id(), letter);
          }
        });
    final Map<Integer, Long> ids = new HashMap<>();
    final List<Event> events = new ArrayList<>();
    final List<LetterId> done = new ArrayList<>();
    for (ReplayPlan.Entry entry : plan.entries()) {
      final long sequenceId = ids.merge(entry.lane(), 1L, Long::sum) - 1;
      final DeadLetter letter = found.get(entry.id());
      if (letter == null) {
        // what retention has taken since then cannot be sent, and keeps its id
        done.add(entry.id());
        continue;
      }
      final byte[] payload = entry.repaired().orElse(letter.payload());
      if (problem(letter, payload) == null) {
        final Schema schema = schemas.of(letter.schemaVersion()).schema();
        events.add(new Event(entry, sequenceId, payload, schema, words[EventLayout.TIME]));
        done.add(entry.id());
      }
    }
    publish(plan, events);
    letters.acknowledge(done);
    replayed += events.size();
  }

  private void prepare(final DeadLetter letter, final Optional<byte[]> repaired)
      throws DeadLetterException {
    final byte[] payload = repaired.orElse(letter.payload());
    final String problem = problem(letter, payload);
    if (problem != null) {
      stillNoEvents.merge(problem, 1L, Long::sum);
      return;
    }
    final Schema schema = schemas.of(letter.schemaVersion()).schema();
    final int partition = partition(words[EventLayout.KEY], letter.originPartition());
    final int lane = lanes.computeIfAbsent(new Lane(partition, schema), key -> lanes.size());
    group.add(
        new Event(
            new ReplayPlan.Entry(letter.id(), partition, lane, repaired),
            lettersOfLanes.merge(lane, 1L, Long::sum) - 1,
            payload,
            schema,
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
      final ReplayPlan plan =
          letters.announce(UUID.randomUUID().toString(), group.stream().map(Event::entry).toList());
      publish(plan, group);
      letters.acknowledge(group.stream().map(event -> event.entry().id()).toList());
    }
    replayed += group.size();
    group.clear();
    lanes.clear();
    lettersOfLanes.clear();
    groupBytes = 0;
  }

  private void publish(final ReplayPlan plan, final List<Event> events) throws DeadLetterException {
    for (int attempt = 1; true; attempt++) {
      try {
        publishOnce(plan, events);
        return;
      } catch (PulsarClientException e) {
        if (attempt == ATTEMPTS) {
          throw new DeadLetterException(
              String.format(
                  Locale.ROOT,
                  "After %d letters the broker refused more: %s; do the same again, and it"
                      + " continues there.",
                  replayed,
                  e.getMessage()),
              e);
        }
        pause();
      }
    }
  }

  /** What a producer sent before it was cut off may still be on its way to the bookies. */
  private static void pause() throws DeadLetterException {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static DeadLetterException interrupted(final InterruptedException e) {
    Thread.currentThread().interrupt();
    return new DeadLetterException("Interrupted while letters were put back", e);
  }

  private void publishOnce(final ReplayPlan plan, final List<Event> events)
      throws PulsarClientException, DeadLetterException {
    final Map<Integer, ReplayLane> producers = new HashMap<>();
    final List<Sent> sent = new ArrayList<>();
    try {
      for (Event event : events) {
        final ReplayPlan.Entry entry = event.entry();
        ReplayLane producer = producers.get(entry.lane());
        if (producer == null) {
          producer =
              ReplayLane.open(
                  client,
                  partitions.get(entry.partition()),
                  event.schema(),
                  "millrace-replay-" + plan.token() + "-" + entry.lane(),
                  plan.madeMillis());
          producers.put(entry.lane(), producer);
        }
        if (producer.has(event.sequenceId())) {
          continue;
        }
        final boolean alone = event.payload().length > ALONE_ABOVE_BYTES;
        if (alone) {
          awaitStored(sent);
        }
        sent.add(
            new Sent(entry.id(), producer.send(event.sequenceId(), event.payload(), event.time())));
        if (alone) {
          awaitStored(sent);
        }
      }
      awaitStored(sent);
    } finally {
      producers.values().forEach(ReplayLane::close);
    }
  }

  private static void awaitStored(final List<Sent> sent)
      throws PulsarClientException, DeadLetterException {
    for (Sent letter : sent) {
      final MessageIdAdv position;
      try {
        position = (MessageIdAdv) letter.position().get();
      } catch (ExecutionException e) {
        throw PulsarClientException.unwrap(e);
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
      if (position.getLedgerId() == NOT_STORED) {
        throw new PulsarClientException(
            "it dropped letter " + letter.id() + ", which was not known to be stored");
      }
    }
    sent.clear();
  }
}
