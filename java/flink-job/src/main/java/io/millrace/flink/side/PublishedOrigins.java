package io.millrace.flink.side;

import io.millrace.flink.source.EntryPosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.pulsar.client.api.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves out what a side topic has already. A job that has gone back, to an older savepoint or to
 * the beginning of the topic, takes the same messages out a second time, under another name, so
 * that the broker cannot know them.
 *
 * <p>The side topic is read once for each partition of the source, from when the first message that
 * is to be published was stored there: what was published before is of messages before it. A job
 * that goes on where it was finds nothing. Not thread-safe.
 */
final class PublishedOrigins {

  private static final Logger LOG = LoggerFactory.getLogger(PublishedOrigins.class);

  /** Some 100 MB. */
  private static final int MAX_ENTRIES = 500_000;

  /** Messages that were taken out, by their entry; bit 0 stands for one that was sent alone. */
  private static final class Entries extends TreeMap<EntryPosition, BitSet> {
    private static final long serialVersionUID = 1L;
  }

  private final SideTopic topic;
  private final Map<Integer, EntryPosition> lookedUpFrom = new HashMap<>();
  private final Map<Integer, Entries> published = new HashMap<>();

  /**
   * Knows nothing yet.
   *
   * @param topic the side topic
   */
  PublishedOrigins(final SideTopic topic) {
    this.topic = topic;
  }

  /**
   * The batches without the messages that another producer has published. Asked again for the same
   * batches it gives the same answer, so that an entry of an id is always the same.
   *
   * @throws IOException if there are too many to remember, or the topic cannot be read to its end
   */
  List<RawBatch> without(final List<RawBatch> batches) throws IOException, InterruptedException {
    final Map<Integer, EntryPosition> first = first(batches);
    lookUp(batches, first);
    forgetBefore(first);
    if (published.isEmpty()) {
      return batches;
    }
    final List<RawBatch> rest = new ArrayList<>();
    int left = 0;
    for (RawBatch batch : batches) {
      final List<RawMessage> messages =
          batch.messages().stream().filter(message -> !isPublished(message)).toList();
      left += batch.messages().size() - messages.size();
      if (!messages.isEmpty()) {
        rest.add(
            new RawBatch(
                batch.producer(),
                batch.partition(),
                batch.sequenceId(),
                batch.createdMillis(),
                messages));
      }
    }
    if (left > 0) {
      LOG.info("{} has {} messages already that were read again", topic.name(), left);
    }
    return rest;
  }

  /** The first position in each partition of the source. */
  private static Map<Integer, EntryPosition> first(final List<RawBatch> batches) {
    final Map<Integer, EntryPosition> first = new HashMap<>();
    for (RawBatch batch : batches) {
      for (RawMessage message : batch.messages()) {
        first.merge(
            message.partition,
            position(message),
            (one, other) -> one.compareTo(other) <= 0 ? one : other);
      }
    }
    return first;
  }

  private static EntryPosition position(final RawMessage message) {
    return new EntryPosition(message.ledger, message.entry);
  }

  private void lookUp(final List<RawBatch> batches, final Map<Integer, EntryPosition> first)
      throws IOException, InterruptedException {
    final Map<Integer, EntryPosition> unknown = new HashMap<>(first);
    unknown
        .entrySet()
        .removeIf(
            entry -> {
              final EntryPosition known = lookedUpFrom.get(entry.getKey());
              return known != null && known.compareTo(entry.getValue()) <= 0;
            });
    if (unknown.isEmpty()) {
      return;
    }
    final long storedAt =
        batches.stream()
            .flatMap(batch -> batch.messages().stream())
            .filter(message -> unknown.containsKey(message.partition))
            .mapToLong(message -> message.storedAt)
            .min()
            .orElseThrow();
    final Set<String> own =
        batches.stream().map(RawBatch::producer).collect(Collectors.toUnmodifiableSet());
    final Map<Integer, Entries> found = new HashMap<>();
    for (String partition : topic.partitions()) {
      PartitionScan.read(
          topic.client(),
          partition,
          storedAt,
          message -> {
            if (!own.contains(message.getProducerName())) {
              note(message, unknown, found);
            }
          });
    }
    lookedUpFrom.putAll(unknown);
    published.putAll(found);
  }

  private void note(
      final Message<byte[]> message,
      final Map<Integer, EntryPosition> from,
      final Map<Integer, Entries> found)
      throws IOException {
    final String origin = message.getProperty(EntryEncoder.ORIGIN_PARTITION);
    final String id = message.getProperty(EntryEncoder.ORIGIN_ID);
    if (origin == null || id == null) {
      // a note of who publishes them again
      return;
    }
    final int partition = Integer.parseInt(origin);
    final String[] parts = id.split(":");
    final EntryPosition position =
        new EntryPosition(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    final EntryPosition first = from.get(partition);
    if (first == null || position.compareTo(first) < 0) {
      return;
    }
    final Entries entries = found.computeIfAbsent(partition, key -> new Entries());
    BitSet messages = entries.get(position);
    if (messages == null) {
      messages = new BitSet();
      entries.put(position, messages);
      requireRoom(found);
    }
    messages.set(Integer.parseInt(parts[2]) + 1);
  }

  private void requireRoom(final Map<Integer, Entries> found) throws IOException {
    if (found.values().stream().mapToInt(NavigableMap::size).sum() > MAX_ENTRIES) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "The job has gone back so far that %s has messages of more than %d entries which it"
                  + " reads again, too many to tell them apart: restore a newer state",
              topic.name(),
              MAX_ENTRIES));
    }
  }

  /** Positions of a partition only grow: what lies before these does not come again. */
  private void forgetBefore(final Map<Integer, EntryPosition> first) {
    first.forEach(
        (partition, position) ->
            published.computeIfPresent(
                partition,
                (key, entries) -> {
                  entries.headMap(position).clear();
                  return entries.isEmpty() ? null : entries;
                }));
  }

  private boolean isPublished(final RawMessage message) {
    final Entries entries = published.get(message.partition);
    if (entries == null) {
      return false;
    }
    final BitSet messages = entries.get(position(message));
    return messages != null && messages.get(message.batchIndex + 1);
  }
}
