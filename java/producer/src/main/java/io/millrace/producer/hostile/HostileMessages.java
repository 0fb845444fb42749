package io.millrace.producer.hostile;

import io.millrace.events.SourcePartition;
import io.millrace.events.codec.EventEncoder;
import io.millrace.events.codec.EventLayout;
import io.millrace.events.domain.Domain;
import io.millrace.events.domain.DomainCatalog;
import io.millrace.events.domain.Field;
import io.millrace.events.domain.Kind;
import io.millrace.events.generate.EventGenerator;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Makes hostile messages; equal seeds and clocks give equal messages. Not thread-safe. */
final class HostileMessages {

  /**
   * A message.
   *
   * @param payload {@code null} for a message without a value
   * @param partition it goes to
   * @param schema it has to be sent with; {@code null} if none or the domain's will do
   * @param envelope it has to be sent in, alone; {@code null} for a truthful one
   */
  record Message(
      Hostility kind,
      byte[] payload,
      int partition,
      HostileSchema schema,
      HostileEnvelope envelope) {}

  /** One in so many is huge. */
  static final int HUGE_EVERY = 2_000;

  private static final int HUGE_BYTES = 4_000_000;
  private static final int MAX_GARBAGE_BYTES = 400;
  private static final HostileSchema[] SCHEMAS = HostileSchema.values();
  private static final HostileEnvelope[] ENVELOPES = HostileEnvelope.values();
  private static final int SEALED_BYTES = 60;
  private static final long[] INTS = {Integer.MIN_VALUE, -1, 0, Integer.MAX_VALUE};
  private static final long[] LONGS = {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE};
  private static final double[] REALS = {
    Double.MAX_VALUE, -Double.MAX_VALUE, 1e280, -1e280, Double.MIN_VALUE, -0.0, 0x1p-1022
  };
  private static final double[] NO_NUMBERS = {
    Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
  };

  private final Events events;
  private final Events strangers;
  private final int sources;
  private final int partitions;
  private final SplittableRandom random;
  private long made;

  /**
   * @param sources of the domain's healthy events, whose numbers the hostile ones abuse
   * @param partitions of the topic
   */
  HostileMessages(final Domain domain, final int sources, final int partitions, final long seed) {
    this.events = new Events(domain, seed);
    this.strangers = new Events(stranger(domain), seed);
    this.sources = sources;
    this.partitions = partitions;
    this.random = new SplittableRandom(seed);
  }

  private static Domain stranger(final Domain domain) {
    return DomainCatalog.names().stream()
        .filter(name -> !name.equals(domain.name()))
        .findFirst()
        .map(Domain::load)
        .orElseThrow(() -> new IllegalStateException("There is one domain only"));
  }

  /**
   * The next message.
   *
   * @param now milliseconds since the epoch
   */
  Message next(final long now) {
    final Hostility kind =
        ++made % HUGE_EVERY == 0 ? Hostility.HUGE : Hostility.of(random.nextInt());
    return message(kind, now);
  }

  Message message(final Hostility kind, final long now) {
    final int source = random.nextInt(sources);
    final HostileSchema schema =
        kind == Hostility.HOSTILE_SCHEMA ? SCHEMAS[random.nextInt(SCHEMAS.length)] : null;
    final byte[] payload =
        schema == null ? payload(kind, source, now) : schema.encode(events.encode(source, now));
    final boolean hasSource =
        kind != Hostility.RANDOM_BYTES
            && kind != Hostility.HOSTILE_ENVELOPE
            && kind != Hostility.EMPTY
            && kind != Hostility.NULL_VALUE;
    return new Message(
        kind,
        payload,
        hasSource ? SourcePartition.of(source, partitions) : random.nextInt(partitions),
        schema,
        kind == Hostility.HOSTILE_ENVELOPE ? ENVELOPES[random.nextInt(ENVELOPES.length)] : null);
  }

  private byte[] payload(final Hostility kind, final int source, final long now) {
    final byte[] event = events.encode(source, now);
    return switch (kind) {
      case RANDOM_BYTES -> garbage(1 + random.nextInt(MAX_GARBAGE_BYTES));
      case TRUNCATED -> Arrays.copyOf(event, random.nextInt(event.length));
      case TRAILING_BYTES -> Arrays.copyOf(event, event.length + 1 + random.nextInt(20));
      case BIT_FLIPPED -> {
        event[random.nextInt(event.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        yield event;
      }
      case WRONG_SCHEMA -> strangers.encode(source, now);
      case NOT_FINITE -> notFinite(source, now);
      case EXTREME_NUMBERS -> extreme(source, now);
      case FAR_PAST -> events.encode(source, now - randomUpTo(Duration.ofDays(365), 2 * now));
      case FAR_FUTURE ->
          events.encode(source, now + randomUpTo(Duration.ofHours(1), Long.MAX_VALUE - now));
      case PAST ->
          events.encode(
              source, now - randomUpTo(Duration.ofMinutes(2), Duration.ofDays(20).toMillis()));
      case NEAR_FUTURE ->
          events.encode(
              source, now + randomUpTo(Duration.ofSeconds(1), Duration.ofMinutes(4).toMillis()));
      case HOSTILE_ENVELOPE -> {
        final byte[] sealed = garbage(SEALED_BYTES);
        // no batch: the size of its first message's metadata is beyond any
        sealed[0] = Byte.MAX_VALUE;
        yield sealed;
      }
      case HOSTILE_SCHEMA -> throw new IllegalArgumentException("Encoded by its schema");
      case EMPTY -> new byte[0];
      case NULL_VALUE -> null;
      case HUGE -> {
        final byte[] huge = garbage(HUGE_BYTES);
        if (random.nextBoolean()) {
          System.arraycopy(event, 0, huge, 0, event.length);
        }
        yield huge;
      }
    };
  }

  private long randomUpTo(final Duration least, final long mostMillis) {
    return random.nextLong(least.toMillis(), mostMillis);
  }

  private byte[] garbage(final int length) {
    final byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] notFinite(final int source, final long now) {
    final long[] words = events.words(source, now);
    words[events.layout.firstMeasure() + random.nextInt(events.layout.measures())] =
        Double.doubleToRawLongBits(NO_NUMBERS[random.nextInt(NO_NUMBERS.length)]);
    return events.encode(words);
  }

  /** A third of the fields; readings at the end of a double make it a dead letter, others none. */
  private byte[] extreme(final int source, final long now) {
    final long[] words = events.words(source, now);
    for (int slot = 0; slot < words.length; slot++) {
      if (slot != EventLayout.TIME && random.nextInt(3) == 0) {
        words[slot] = extreme(events.layout.slots().get(slot));
      }
    }
    return events.encode(words);
  }

  private long extreme(final Field field) {
    if (field.kind() == Kind.BOOLEAN) {
      return random.nextInt(2);
    }
    if (field.isReal() && field.kind().isFloating()) {
      // rarely the values that are refused, so that most such events are counted
      final int usable = random.nextInt(40) == 0 ? 0 : 2;
      return Double.doubleToRawLongBits(REALS[usable + random.nextInt(REALS.length - usable)]);
    }
    final long value =
        field.kind() == Kind.INT
            ? INTS[random.nextInt(INTS.length)]
            : LONGS[random.nextInt(LONGS.length)];
    return field.isReal() ? Double.doubleToRawLongBits(value) : value;
  }

  /** Healthy events of a domain. */
  private static final class Events {

    private final EventGenerator generator;
    private final EventEncoder encoder;
    private final EventLayout layout;
    private final byte[] buffer;
    private long index;

    Events(final Domain domain, final long seed) {
      generator = new EventGenerator(domain, seed);
      encoder = new EventEncoder(domain);
      layout = EventLayout.of(domain);
      buffer = new byte[encoder.maxEncodedSize()];
    }

    long[] words(final int source, final long time) {
      final long[] words = new long[layout.stride()];
      generator.generate(source, index++, time, words, 0);
      return words;
    }

    byte[] encode(final int source, final long time) {
      return encode(words(source, time));
    }

    byte[] encode(final long[] words) {
      return Arrays.copyOf(buffer, encoder.encode(words, 0, buffer, 0));
    }
  }
}
