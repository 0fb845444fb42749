package io.millrace.audit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.pulsar.client.api.ConsumerCryptoFailureAction;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Reader;
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
      try (Reader<byte[]> reader = open(name, 1)) {
        if (reader.hasMessageAvailable()) {
          partitions.add(
              new Partition(name, partitionIndex(name), reader.getLastMessageIds().get(0)));
        }
      } catch (IOException e) {
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
      try (Reader<byte[]> reader = open(partition.topic(), 1)) {
        final Message<byte[]> first = reader.readNext(SILENCE_SECONDS, TimeUnit.SECONDS);
        if (first != null
            && !(Sequences.isOurs(first.getProducerName()) && first.getSequenceId() == 0)) {
          final long storedAt = storedAt(first);
          latest = OptionalLong.of(Math.max(latest.orElse(storedAt), storedAt));
        }
      } catch (IOException e) {
        throw AuditException.because("Topic " + partition.topic() + " cannot be read", e);
      }
    }
    return latest;
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
    return read(message -> null, visitor);
  }

  /**
   * Reads messages with the schema each was written in.
   *
   * @param unversioned schema of messages that were published without a schema version
   * @return number of messages
   */
  long readEvents(final Schema unversioned, final Consumer<TopicMessage> visitor) {
    return read(new WriterSchemas(client, topic, unversioned)::of, visitor);
  }

  private long read(
      final Function<Message<byte[]>, Schema> writerSchema, final Consumer<TopicMessage> visitor) {
    long count = 0;
    for (Partition partition : partitions) {
      try {
        count += read(partition, writerSchema, visitor);
      } catch (IOException e) {
        throw AuditException.because("Topic " + partition.topic() + " cannot be read", e);
      }
    }
    return count;
  }

  private long read(
      final Partition partition,
      final Function<Message<byte[]>, Schema> writerSchema,
      final Consumer<TopicMessage> visitor)
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
          final TopicMessage next = topicMessage(partition, message, writerSchema.apply(message));
          positions.add(next.id());
          visitor.accept(next);
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
      throw new AuditException(
          "Topic "
              + partition.topic()
              + " gave no message for "
              + SILENCE_SECONDS
              + " s, before its end at "
              + partition.last());
    }
    return (MessageIdAdv)
        DefaultImplementation.getDefaultImplementation()
            .newMessageId(
                reached.getLedgerId(), reached.getEntryId() + 1, reached.getPartitionIndex());
  }

  private static long storedAt(final Message<?> message) {
    return message
        .getBrokerPublishTime()
        .orElseGet(
            () -> Math.max(0, Math.min(message.getPublishTime(), System.currentTimeMillis())));
  }

  private static TopicMessage topicMessage(
      final Partition partition, final Message<?> message, final Schema writer) {
    final MessageIdAdv id = (MessageIdAdv) message.getMessageId();
    final byte[] payload = message.getData();
    return new TopicMessage(
        new Origin(partition.index(), id.getLedgerId(), id.getEntryId(), id.getBatchIndex()),
        message.getProducerName(),
        message.getSequenceId(),
        storedAt(message),
        message.getBrokerPublishTime().isPresent(),
        message.getEncryptionCtx().isPresent(),
        writer,
        // a message sent with a null value
        payload == null ? NO_BYTES : payload,
        message.getProperties());
  }
}
