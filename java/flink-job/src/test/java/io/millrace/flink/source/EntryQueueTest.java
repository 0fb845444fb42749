package io.millrace.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.pulsar.client.impl.EntryConsumer;
import org.apache.pulsar.common.api.proto.MessageMetadata;
import org.apache.pulsar.common.protocol.Commands;
import org.apache.pulsar.shade.io.netty.buffer.ByteBufUtil;
import org.apache.pulsar.shade.io.netty.buffer.Unpooled;

/** The queue beside a broker that counts as Pulsar's does: in 32 bits, whatever entries claim. */
class EntryQueueTest {

  /** Pulsar's {@code Consumer}: permits are an int that flows add to and entries subtract from. */
  private static final class Broker implements EntryConsumer.Permits {

    private int permits;

    @Override
    public void grant(final int messages) {
      assertThat(messages).isPositive();
      permits += messages;
    }

    boolean maySend() {
      return permits > 0;
    }
  }

  private static byte[] frame(final Random random, final int messages) {
    final MessageMetadata metadata =
        new MessageMetadata().setProducerName("p").setPublishTime(1).setSequenceId(1);
    if (messages != 1 || random.nextBoolean()) {
      metadata.setNumMessagesInBatch(messages);
    }
    return ByteBufUtil.getBytes(
        Commands.serializeMetadataAndPayload(
            Commands.ChecksumType.Crc32c, metadata, Unpooled.EMPTY_BUFFER));
  }

  private static int claim(final Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> Integer.MAX_VALUE;
      case 1 -> Integer.MIN_VALUE;
      case 2 -> -1;
      case 3 -> 0;
      case 4 -> random.nextInt();
      case 5 -> 1;
      default -> random.nextInt(2_000);
    };
  }

  @Property(tries = 300)
  void whateverEntriesClaimThePartitionFlowsAndTheQueueStaysSmall(
      @ForAll final long seed, @ForAll @IntRange(min = 1, max = 50) final int capacity) {
    final Random random = new Random(seed);
    final EntryQueue queue = new EntryQueue(capacity, () -> {});
    Broker broker = new Broker();
    queue.connected(broker);
    int waiting = 0;
    int sent = 0;
    for (int step = 0; step < 2_000; step++) {
      if (random.nextInt(500) == 0) {
        broker = new Broker();
        queue.connected(broker);
        waiting = 0;
      }
      if (broker.maySend() && random.nextBoolean()) {
        final int messages = claim(random);
        broker.permits -= messages;
        queue.received(broker, 1, sent++, frame(random, messages));
        waiting++;
      } else if (queue.poll() != null) {
        waiting--;
      }
      assertThat(waiting).isBetween(0, 3 * capacity);
      assertThat(broker.permits).isLessThanOrEqualTo(2 * capacity);
      if (waiting == 0) {
        assertThat(broker.maySend()).as("the broker may send to an empty queue").isTrue();
      }
    }
    assertThat(sent).isGreaterThan(100);
  }

  @Example
  void entriesOfAnEarlierConnectionAreDropped() {
    final Random random = new Random(1);
    final EntryQueue queue = new EntryQueue(4, () -> {});
    final Broker first = new Broker();
    final Broker second = new Broker();
    queue.connected(first);
    queue.received(first, 1, 1, frame(random, 1));
    queue.connected(second);
    queue.received(first, 1, 2, frame(random, 1));
    assertThat(queue.poll()).isNull();
    queue.received(second, 1, 1, frame(random, 1));
    assertThat(queue.poll().position()).isEqualTo(new EntryPosition(1, 1));
    assertThat(second.permits).isBetween(1, 4);
  }

  @Example
  void anArrivalIsAnnouncedOnceWhenItIsAwaited() {
    final Random random = new Random(1);
    final int[] announced = new int[1];
    final EntryQueue queue = new EntryQueue(10, () -> announced[0]++);
    final Broker broker = new Broker();
    queue.connected(broker);
    queue.received(broker, 1, 1, frame(random, 1));
    assertThat(announced[0]).isZero();
    assertThat(queue.poll()).isNotNull();
    assertThat(queue.poll()).isNull();
    queue.received(broker, 1, 2, frame(random, 1));
    queue.received(broker, 1, 3, frame(random, 1));
    assertThat(announced[0]).isOne();
  }
}
