package io.millrace.deadletter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionMode;
import org.apache.pulsar.client.api.SubscriptionType;

/**
 * The dead-letter topic of a topic. Beside the letters it holds plans and receipts: messages that
 * name the letters that are about to be put back, and those that have been, so that this is known
 * as long as the letters are. Not thread-safe.
 */
public final class DeadLetterTopic {

  /** On a receipt: how many letters it names, one a line. A plan has it too, with 0: no letter. */
  private static final String RECEIPT = "millrace.replayed";

  private static final String SUFFIX = "-dead-letter";
  private static final String LOCK = "millrace-dead-letter-replay";
  private static final int RECEIVER_QUEUE = 500;
  private static final int SILENCE_SECONDS = 30;

  private final PulsarClient client;
  private final String name;
  private final List<String> partitions;
  private final Set<LetterId> replayed = new HashSet<>();
  private final Map<String, ReplayPlan> plans = new LinkedHashMap<>();

  private DeadLetterTopic(
      final PulsarClient client, final String name, final List<String> partitions) {
    this.client = client;
    this.name = name;
    this.partitions = partitions;
  }

  /**
   * The dead-letter topic, with what has been put back so far.
   *
   * @param topic of the events
   * @return empty if nothing has ever been a dead letter
   * @throws DeadLetterException if the broker cannot be asked
   */
  public static Optional<DeadLetterTopic> open(final PulsarClient client, final String topic)
      throws DeadLetterException {
    final String name = topic + SUFFIX;
    final Optional<List<String>> partitions = Partitions.of(client, name);
    if (partitions.isEmpty()) {
      return Optional.empty();
    }
    final DeadLetterTopic letters = new DeadLetterTopic(client, name, partitions.get());
    letters.refresh();
    return Optional.of(letters);
  }

  /**
   * Reads again what has been put back.
   *
   * @throws DeadLetterException if the topic cannot be read
   */
  void refresh() throws DeadLetterException {
    read(this::note);
  }

  private void note(final Message<byte[]> message) throws DeadLetterException {
    if (message.hasProperty(ReplayPlan.PROPERTY)) {
      final ReplayPlan plan = ReplayPlan.of(message);
      plans.put(plan.token(), plan);
    } else if (message.hasProperty(RECEIPT)) {
      new String(message.getData(), StandardCharsets.UTF_8)
          .lines()
          .forEach(line -> LetterId.parse(line).ifPresent(replayed::add));
    }
  }

  /** Groups of letters that were begun and may not all have been put back. */
  List<ReplayPlan> unfinished() {
    return plans.values().stream()
        .filter(plan -> plan.entries().stream().anyMatch(entry -> !replayed.contains(entry.id())))
        .toList();
  }

  /** What is done with a letter. */
  @FunctionalInterface
  public interface Visitor {

    /**
     * Takes a letter.
     *
     * @throws DeadLetterException to end the reading
     */
    void visit(DeadLetter letter) throws DeadLetterException;
  }

  /**
   * Reads all letters that are there now, partition after partition, each in its order.
   *
   * @throws DeadLetterException if the topic cannot be read, or the visitor says so
   */
  public void forEach(final Visitor visitor) throws DeadLetterException {
    read(
        message -> {
          if (!message.hasProperty(RECEIPT)) {
            visitor.visit(
                DeadLetter.of(message, replayed.contains(LetterId.of(message.getMessageId()))));
          }
        });
  }

  @FunctionalInterface
  private interface MessageVisitor {
    void visit(Message<byte[]> message) throws DeadLetterException;
  }

  private void read(final MessageVisitor visitor) throws DeadLetterException {
    for (String partition : partitions) {
      try (Reader<byte[]> reader =
          client
              .newReader()
              .topic(partition)
              .startMessageId(MessageId.earliest)
              .receiverQueueSize(RECEIVER_QUEUE)
              .create()) {
        if (!reader.hasMessageAvailable()) {
          continue;
        }
        final MessageId last = reader.getLastMessageIds().get(0);
        Message<byte[]> message;
        do {
          message = reader.readNext(SILENCE_SECONDS, TimeUnit.SECONDS);
          if (message == null && reader.hasMessageAvailable()) {
            throw new DeadLetterException(
                String.format(
                    Locale.ROOT,
                    "%s gave no message for %d s; try again.",
                    partition,
                    SILENCE_SECONDS));
          }
          if (message != null) {
            visitor.visit(message);
          }
        } while (message != null && message.getMessageId().compareTo(last) < 0);
      } catch (IOException e) {
        throw new DeadLetterException(partition + " cannot be read: " + e.getMessage(), e);
      }
    }
  }

  /**
   * Keeps others from putting letters back until it is closed.
   *
   * @throws DeadLetterException if somebody else does so now
   */
  Lock lock() throws DeadLetterException {
    try {
      return new Lock(
          client
              .newConsumer()
              .topic(partitions.get(0))
              .subscriptionName(LOCK)
              .subscriptionMode(SubscriptionMode.NonDurable)
              .subscriptionType(SubscriptionType.Exclusive)
              .receiverQueueSize(1)
              .startPaused(true)
              .subscribe());
    } catch (PulsarClientException.ConsumerBusyException e) {
      throw new DeadLetterException(
          "Dead letters of " + name + " are being put back by somebody else; try again later.", e);
    } catch (PulsarClientException e) {
      throw new DeadLetterException(name + " cannot be used: " + e.getMessage(), e);
    }
  }

  /** An exclusive subscription, which the broker gives to one at a time. */
  static final class Lock implements AutoCloseable {

    private final Consumer<byte[]> subscription;

    private Lock(final Consumer<byte[]> subscription) {
      this.subscription = subscription;
    }

    @Override
    public void close() {
      // the broker also lets go of it when the connection ends
      subscription.closeAsync();
    }
  }

  /**
   * Notes which letters are about to be put back.
   *
   * @return the plan as it is noted
   * @throws DeadLetterException if the broker does not take it
   */
  ReplayPlan announce(final String token, final List<ReplayPlan.Entry> entries)
      throws DeadLetterException {
    final ReplayPlan plan = new ReplayPlan(token, System.currentTimeMillis(), entries);
    try {
      write(Map.of(RECEIPT, "0", ReplayPlan.PROPERTY, token), plan.encode());
      return plan;
    } catch (PulsarClientException e) {
      throw new DeadLetterException(
          name + " did not take the note of the letters to be put back next: " + e.getMessage(), e);
    }
  }

  /**
   * Notes for good that letters have been put back.
   *
   * @throws DeadLetterException if the broker does not take it
   */
  void acknowledge(final List<LetterId> letters) throws DeadLetterException {
    try {
      write(
          Map.of(RECEIPT, Integer.toString(letters.size())),
          letters.stream()
              .map(LetterId::toString)
              .collect(Collectors.joining("\n"))
              .getBytes(StandardCharsets.UTF_8));
      replayed.addAll(letters);
    } catch (PulsarClientException e) {
      throw new DeadLetterException(
          String.format(
              Locale.ROOT,
              "%d letters were put back, and %s did not take the note of it (%s); do the same"
                  + " again, and it is written.",
              letters.size(),
              name,
              e.getMessage()),
          e);
    }
  }

  private void write(final Map<String, String> properties, final byte[] note)
      throws PulsarClientException {
    try (Producer<byte[]> producer =
        client
            .newProducer(Schema.BYTES)
            .topic(name)
            .enableBatching(false)
            // a note of many repaired letters
            .enableChunking(true)
            .create()) {
      producer.newMessage().properties(properties).value(note).send();
    }
  }

  /** Full name. */
  public String name() {
    return name;
  }

  /** The partitions of any topic. */
  static final class Partitions {

    private Partitions() {}

    /**
     * Full names in the order of their numbers; the topic itself if it has no partitions.
     *
     * @return empty if there is no such topic
     * @throws DeadLetterException if the broker cannot be asked
     */
    static Optional<List<String>> of(final PulsarClient client, final String topic)
        throws DeadLetterException {
      try {
        return Optional.of(new ArrayList<>(client.getPartitionsForTopic(topic, false).get()));
      } catch (ExecutionException e) {
        if (e.getCause() instanceof PulsarClientException.NotFoundException
            || e.getCause() instanceof PulsarClientException.TopicDoesNotExistException) {
          return Optional.empty();
        }
        throw new DeadLetterException(
            topic + " cannot be looked up: " + e.getCause().getMessage(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DeadLetterException("Interrupted while " + topic + " was looked up", e);
      }
    }
  }
}
