package io.millrace.producer.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.events.SourcePartition;
import io.millrace.events.codec.EventDecoder;
import io.millrace.events.codec.EventLayout;
import io.millrace.events.codec.IncompatibleSchemaException;
import io.millrace.events.codec.Rejection;
import io.millrace.events.domain.Domain;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.SchemaValidatorBuilder;
import org.apache.pulsar.common.api.proto.MessageMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HostileMessagesTest {

  private static final Domain IOT = Domain.load("iot");
  private static final int SOURCES = 1_000;
  private static final int PARTITIONS = 7;
  private static final long NOW = 1_800_000_000_000L;
  private static final long MINUTE = 60_000;

  private final HostileMessages messages = new HostileMessages(IOT, SOURCES, PARTITIONS, 5);
  private final long[] words = new long[EventLayout.of(IOT).stride()];

  private Rejection decode(final byte[] payload) throws Exception {
    return new EventDecoder(IOT, IOT.schema()).decode(payload, 0, payload.length, words, 0);
  }

  @ParameterizedTest
  @CsvSource({"TRAILING_BYTES, TRAILING_BYTES", "NOT_FINITE, NOT_FINITE", "EMPTY, EMPTY"})
  void whatIsDamagedInOneWayIsRefusedForThat(final Hostility kind, final Rejection rejection)
      throws Exception {
    for (int i = 0; i < 500; i++) {
      assertThat(decode(messages.message(kind, NOW).payload())).isEqualTo(rejection);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"RANDOM_BYTES", "TRUNCATED", "WRONG_SCHEMA", "HUGE"})
  void whatIsNoEventIsRefused(final Hostility kind) throws Exception {
    for (int i = 0; i < 50; i++) {
      assertThat(decode(messages.message(kind, NOW).payload())).isNotNull();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BIT_FLIPPED", "EXTREME_NUMBERS"})
  void whatIsOddIsOftenAnEventAndSometimesNot(final Hostility kind) throws Exception {
    int good = 0;
    for (int i = 0; i < 500; i++) {
      good += decode(messages.message(kind, NOW).payload()) == null ? 1 : 0;
    }
    assertThat(good).isBetween(50, 499);
  }

  @ParameterizedTest
  @CsvSource({
    "FAR_PAST, -9000000000000, -525600",
    "FAR_FUTURE, 60, 9000000000000000",
    "PAST, -28800, -2",
    "NEAR_FUTURE, 0, 4"
  })
  void timesAreAsFarAwayAsTheirKindSays(
      final Hostility kind, final long leastMinutes, final long mostMinutes) throws Exception {
    for (int i = 0; i < 500; i++) {
      assertThat(decode(messages.message(kind, NOW).payload())).isNull();
      assertThat((words[EventLayout.TIME] - NOW) / MINUTE).isBetween(leastMinutes, mostMinutes);
      assertThat(words[EventLayout.KEY]).isBetween(0L, SOURCES - 1L);
    }
  }

  @Test
  void eventsGoWhereTheirSourceBelongs() throws Exception {
    final HostileMessages.Message message = messages.message(Hostility.PAST, NOW);
    assertThat(decode(message.payload())).isNull();
    assertThat(message.partition())
        .isEqualTo(SourcePartition.of((int) words[EventLayout.KEY], PARTITIONS));
  }

  @Test
  void allKindsComeAndOneInTwoThousandIsHuge() {
    final Map<Hostility, Integer> counts = new EnumMap<>(Hostility.class);
    for (int i = 0; i < 2 * HostileMessages.HUGE_EVERY; i++) {
      final HostileMessages.Message message = messages.next(NOW);
      counts.merge(message.kind(), 1, Integer::sum);
      assertThat(message.partition()).isBetween(0, PARTITIONS - 1);
      if (message.kind() == Hostility.HUGE) {
        assertThat(message.payload()).hasSize(4_000_000);
      }
    }
    assertThat(counts).containsOnlyKeys(Hostility.values());
    assertThat(counts).containsEntry(Hostility.HUGE, 2);
    assertThat(messages.message(Hostility.NULL_VALUE, NOW).payload()).isNull();
  }

  /** The broker takes them, and what it must not take for granted is in them. */
  @ParameterizedTest
  @EnumSource
  void hostileSchemasAreVersionsOfTheDomains(final HostileSchema kind) throws Exception {
    final Schema schema = parsed(kind);
    new SchemaValidatorBuilder()
        .mutualReadStrategy()
        .validateAll()
        .validate(
            schema,
            Stream.concat(
                    Stream.of(IOT.schema()),
                    Stream.of(HostileSchema.values()).map(HostileMessagesTest::parsed))
                .toList());
    final byte[] event = messages.message(Hostility.NEAR_FUTURE, NOW).payload();
    final byte[] bytes = kind.encode(event);
    if (kind == HostileSchema.RECURSIVE || kind == HostileSchema.NESTED_ARRAYS) {
      assertThatThrownBy(() -> new EventDecoder(IOT, schema))
          .isInstanceOf(IncompatibleSchemaException.class);
    } else {
      assertThat(new EventDecoder(IOT, schema).decode(bytes, 0, bytes.length, words, 0)).isNull();
      final long[] same = words.clone();
      assertThat(decode(event)).isNull();
      assertThat(words).isEqualTo(same);
    }
  }

  private static Schema parsed(final HostileSchema kind) {
    return new Schema.Parser(NameValidator.NO_VALIDATION).parse(kind.text(IOT));
  }

  @Test
  void everyEnvelopeIsUsedAndSaysWhatIsNotSo() {
    final Set<HostileEnvelope> used = EnumSet.noneOf(HostileEnvelope.class);
    for (int i = 0; i < 500; i++) {
      used.add(messages.message(Hostility.HOSTILE_ENVELOPE, NOW).envelope());
    }
    assertThat(used).containsExactly(HostileEnvelope.values());
    for (HostileEnvelope envelope : HostileEnvelope.values()) {
      final MessageMetadata truthful =
          new MessageMetadata().setProducerName("p").setPublishTime(NOW).setSequenceId(1);
      final MessageMetadata sealed = new MessageMetadata().copyFrom(truthful);
      envelope.seal(sealed);
      assertThat(sealed.toByteArray()).as("%s", envelope).isNotEqualTo(truthful.toByteArray());
    }
  }

  @Test
  void everyHostileSchemaIsUsed() {
    final Set<HostileSchema> used = EnumSet.noneOf(HostileSchema.class);
    for (int i = 0; i < 200; i++) {
      used.add(messages.message(Hostility.HOSTILE_SCHEMA, NOW).schema());
    }
    assertThat(used).containsExactly(HostileSchema.values());
  }

  @Test
  void equalSeedsGiveEqualMessages() {
    final HostileMessages first = new HostileMessages(IOT, SOURCES, PARTITIONS, 9);
    final HostileMessages second = new HostileMessages(IOT, SOURCES, PARTITIONS, 9);
    for (int i = 0; i < 300; i++) {
      assertThat(first.next(NOW)).usingRecursiveComparison().isEqualTo(second.next(NOW));
    }
  }
}
