package io.millrace.audit;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.pulsar.client.api.ConsumerCryptoFailureAction;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.impl.StoredEntries;
import org.apache.pulsar.client.internal.DefaultImplementation;

/**
 * All messages of a topic from the earliest one to the end as it was when the scan was made,
 * partition after partition. Not thread-safe.
 */
final class TopicScan {

  /** Few enough that 4 MB messages among the others find room in the heap. */
  private static final int RECEIVER_QUEUE = 1_000;

  private static final int SILENCE_SECONDS = 30;
  private static final byte[] NO_BYTES = {};

  /** A partition with messages, and its last one. */
  private record Partition(String topic, int index, MessageId last) {}

  private final PulsarClient client;
  private final String topic;
  private final OptionalLong since;
  private final List<Partition> partitions = new ArrayList<>();
  private final ReadPositions positions = new ReadPositions();

  /**
   * Notes the present end of every partition.
   *
   * @param since when the first message was stored that is read, milliseconds since the epoch; the
   *     earliest one if empty
   * @throws AuditException if the topic does not exist or cannot be read
   */
  static TopicScan of(final PulsarClient client, final String topic, final OptionalLong since) {
    final TopicScan scan = new TopicScan(client, topic, since);
    scan.findEnds(
        lookUp(client, topic)
            .orElseThrow(() -> new AuditException("Topic " + topic + " does not exist")));
    return scan;
  }

  /** Like {@link #of}; a topic that does not exist has no messages. */
  static TopicScan ofOptional(
      final PulsarClient client, final String topic, final OptionalLong since) {
    final TopicScan scan = new TopicScan(client, topic, since);
    lookUp(client, topic).ifPresent(scan::findEnds);
    return scan;
  }

  private TopicScan(final PulsarClient client, final String topic, final OptionalLong since) {
    this.client = client;
    this.topic = topic;
    this.since = since;
  }

  /** The names of the topic's partitions, if it exists; creates nothing. */
  private static Optional<List<String>> lookUp(final PulsarClient client, final String topic) {
    try {
      return Optional.of(client.getPartitionsForTopic(topic, false).get());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PulsarClientException.NotFoundException
          || e.getCause() instanceof PulsarClientException.TopicDoesNotExistException) {
        return Optional.empty();
      }
      throw AuditException.because("Topic " + topic + " cannot be looked up", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AuditException("Interrupted while looking up topic " + topic, e);
    }
  }

  private void findEnds(final List<String> names) {
    for (String name : names) {
      try (StoredEntries entries = StoredEntries.open(client, name)) {
        if (entries.hasMessageAvailable()) {
          partitions.add(
              new Partition(name, partitionIndex(name), entries.getLastMessageIds().get(0)));
        }
      } catch (PulsarClientException e) {
        throw AuditException.because("Topic " + name + " cannot be read", e);
      }
    }
  }

  /** The index of a partition by its name; a topic without partitions is its only one. */
  private int partitionIndex(final String name) {
    return name.equals(topic) ? 0 : Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
  }

  private Reader<byte[]> open(final String name, final int queue) throws PulsarClientException {
    return open(name, queue, MessageId.earliest);
  }

  private Reader<byte[]> open(final String name, final int queue, final MessageId first)
      throws PulsarClientException {
    return client
        .newReader()
        .topic(name)
        .startMessageId(first)
        .startMessageIdInclusive()
        .receiverQueueSize(queue)
        .cryptoFailureAction(ConsumerCryptoFailureAction.CONSUME)
        .create();
  }

  /**
   * When the oldest message was stored in a partition that has lost older ones to retention, the
   * latest of all such partitions, milliseconds since the epoch. Empty if no partition has, as far
   * as the numbers of its first producer tell.
   */
  OptionalLong trimmedUntil() {
    OptionalLong latest = OptionalLong.empty();
    for (Partition partition : partitions) {
      try (StoredEntries entries = StoredEntries.open(client, partition.topic())) {
        final StoredEntries.Entry entry = next(entries);
        if (entry != null) {
          final EntryMessages.Opened first = EntryMessages.open(entry.bytes());
          if (!(Sequences.isOurs(first.producer()) && first.parts().get(0).sequenceId() == 0)) {
            final long storedAt = first.storedAt();
            latest = OptionalLong.of(Math.max(latest.orElse(storedAt), storedAt));
          }
        }
      } catch (PulsarClientException e) {
        throw AuditException.because("Topic " + partition.topic() + " cannot be read", e);
      }
    }
    return latest;
  }

  /**
   * Start of the first window of which the topic still has every message, milliseconds since the
   * epoch.
   *
   * @param maxAhead how long before its time an event may be stored
   */
  long firstWholeWindow(final Duration maxAhead) {
    return trimmedUntil().stream()
        .map(oldest -> oldest + maxAhead.toMillis() + EventRules.SKEW)
        .map(whole -> ExpectedRows.windowOf(whole + ExpectedRows.WINDOW_MILLIS - 1))
        .findAny()
        .orElse(0);
  }

  /** Whether a message at this place, if there is one, has been read. */
  boolean hasRead(final Origin origin) {
    return since.isEmpty() || positions.contains(origin);
  }

  /** Whether there may be an entry here that no client can read. */
  boolean isUnreadable(final Origin origin) {
    return positions.isUnreadable(origin);
  }

  /**
   * Reads messages of which only the bytes matter; {@link TopicMessage#writer} is null.
   *
   * @return number of messages
   */
  long readBytes(final Consumer<TopicMessage> visitor) {
    long count = 0;
    for (Partition partition : partitions) {
      try {
        count += readBytes(partition, visitor);
      } catch (IOException e) {
        throw AuditException.because("Topic " + partition.topic() + " cannot be read", e);
      }
    }
    return count;
  }

  private long readBytes(final Partition partition, final Consumer<TopicMessage> visitor)
      throws IOException {
    final MessageIdAdv end = (MessageIdAdv) partition.last();
    long count = 0;
    MessageIdAdv reached = null;
    Reader<byte[]> reader = open(partition.topic(), RECEIVER_QUEUE);
    try {
      if (since.isPresent()) {
        reader.seek(since.getAsLong());
      }
      while (reached == null || reached.compareTo(end) < 0) {
        final Message<byte[]> message = reader.readNext(SILENCE_SECONDS, TimeUnit.SECONDS);
        if (message != null) {
          visit(topicMessage(partition, message), visitor);
          count++;
          reached = (MessageIdAdv) message.getMessageId();
        } else if (!reader.hasMessageAvailable() || isLastEntry(reached, end)) {
          // the last entry is no message, such as a marker of the broker or one that is damaged
          break;
        } else {
          reached = entryAfter(partition, reached);
          reader.close();
          reader = open(partition.topic(), RECEIVER_QUEUE, entryAfter(partition, reached));
        }
      }
    } finally {
      reader.close();
    }
    positions.end(partition.index(), end.getLedgerId(), end.getEntryId());
    return count;
  }

  private void visit(final TopicMessage next, final Consumer<TopicMessage> visitor) {
    positions.add(next.id());
    visitor.accept(next);
  }

  private static boolean isLastEntry(final MessageIdAdv reached, final MessageIdAdv end) {
    return reached == null
        ? end.getEntryId() == 0
        : reached.getLedgerId() == end.getLedgerId()
            && reached.getEntryId() + 1 >= end.getEntryId();
  }

  /**
   * The client has been silent: it cannot read the entry after the one that was reached, and asks
   * for it for ever.
   */
  private static MessageIdAdv entryAfter(final Partition partition, final MessageIdAdv reached) {
    if (reached == null) {
      throw silent(partition);
    }
    return (MessageIdAdv)
        DefaultImplementation.getDefaultImplementation()
            .newMessageId(
                reached.getLedgerId(), reached.getEntryId() + 1, reached.getPartitionIndex());
  }

  private static TopicMessage topicMessage(
      final Partition partition, final Message<byte[]> message) {
    final MessageIdAdv id = (MessageIdAdv) message.getMessageId();
    final byte[] payload = message.getData();
    return new TopicMessage(
        new Origin(partition.index(), id.getLedgerId(), id.getEntryId(), id.getBatchIndex()),
        message.getProducerName(),
        message.getSequenceId(),
        message.getBrokerPublishTime().orElse(message.getPublishTime()),
        message.getBrokerPublishTime().isPresent(),
        null,
        // a message sent with a null value
        payload == null ? NO_BYTES : payload,
        message.getProperties());
  }

  /**
   * Reads messages with the schema each was written in, entry by entry as they are stored: what
   * cannot be unpacked is a message too, of the schema {@link WriterSchemas#NONE}.
   *
   * @param unversioned schema of messages that were published without a schema version
   * @return number of messages
   */
  long readEvents(final Schema unversioned, final Consumer<TopicMessage> visitor) {
    final WriterSchemas schemas = new WriterSchemas(client, topic, unversioned);
    long count = 0;
    for (Partition partition : partitions) {
      final MessageIdAdv last = (MessageIdAdv) partition.last();
      try (StoredEntries entries = StoredEntries.open(client, partition.topic())) {
        if (since.isPresent()) {
          entries.seek(since.getAsLong());
        }
        StoredEntries.Entry entry = null;
        do {
          final StoredEntries.Entry before = entry;
          entry = next(entries);
          if (entry == null && (!entries.hasMessageAvailable() || isLastEntry(before, last))) {
            // the last entry is no message, such as a marker of the broker
            break;
          }
          if (entry == null) {
            throw silent(partition);
          }
          final EntryMessages.Opened opened = EntryMessages.open(entry.bytes());
          final Schema writer = schemas.of(opened.schemaVersion());
          for (EntryMessages.Part part : opened.parts()) {
            visit(topicMessage(partition, entry, opened, part, writer), visitor);
            count++;
          }
        } while (entry.ledger() < last.getLedgerId()
            || entry.ledger() == last.getLedgerId() && entry.entry() < last.getEntryId());
        positions.end(partition.index(), last.getLedgerId(), last.getEntryId());
      } catch (PulsarClientException e) {
        throw AuditException.because("Topic " + partition.topic() + " cannot be read", e);
      }
    }
    return count;
  }

  private static boolean isLastEntry(final StoredEntries.Entry reached, final MessageIdAdv end) {
    return reached == null
        ? end.getEntryId() == 0
        : reached.ledger() == end.getLedgerId() && reached.entry() + 1 >= end.getEntryId();
  }

  private static AuditException silent(final Partition partition) {
    return new AuditException(
        String.format(
            Locale.ROOT,
            "Topic %s gave no message for %d s, before its end at %s",
            partition.topic(),
            SILENCE_SECONDS,
            partition.last()));
  }

  private static StoredEntries.Entry next(final StoredEntries entries) {
    try {
      return entries.next(SILENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AuditException("Interrupted while reading " + entries.getTopic(), e);
    }
  }

  private static TopicMessage topicMessage(
      final Partition partition,
      final StoredEntries.Entry entry,
      final EntryMessages.Opened opened,
      final EntryMessages.Part part,
      final Schema writer) {
    return new TopicMessage(
        new Origin(partition.index(), entry.ledger(), entry.entry(), part.index()),
        opened.producer(),
        part.sequenceId(),
        opened.storedAt(),
        opened.stamped(),
        part.sound() ? writer : WriterSchemas.NONE,
        part.bytes(),
        Map.of());
  }
}
