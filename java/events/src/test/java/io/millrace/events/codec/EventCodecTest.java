package io.millrace.events.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.events.domain.Domain;
import io.millrace.events.domain.DomainCatalog;
import io.millrace.events.domain.DomainParser;
import io.millrace.events.domain.Field;
import io.millrace.events.generate.EventGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** Our encoder and decoder against plain Avro, in both directions. */
class EventCodecTest {

  private static final Domain IOT = Domain.load("iot");

  /** Every kind in every role, a default, an alias: what no domain of the catalog alone has. */
  private static final Domain MIXED =
      DomainParser.parse(
          "mixed",
          """
          {"type":"record","name":"Mixed","namespace":"n","table":"db.t","topic":"persistent://a/b/c",
           "fields":[
            {"name":"id","type":"long","role":"key","aliases":["oldId"]},
            {"name":"time","type":{"type":"long","logicalType":"timestamp-millis"},"role":"time"},
            {"name":"f_dim","type":"float","role":"dimension","default":1.5,"generate":{"from":0,"to":9,"step":0.5}},
            {"name":"l_dim","type":"long","role":"dimension","default":-7,"generate":{"from":0,"to":9}},
            {"name":"b_dim","type":"boolean","role":"dimension","default":true,"generate":{"probability":0.5}},
            {"name":"i_meas","type":"int","role":"measure","default":3,"generate":{"from":-5,"to":9}},
            {"name":"l_meas","type":"long","role":"measure","generate":{"from":-5,"to":9}},
            {"name":"f_meas","type":"float","role":"measure","generate":{"from":-5,"to":9,"step":0.25}},
            {"name":"d_meas","type":"double","role":"measure","aliases":["reading"],"generate":{"from":-5,"to":9,"step":0.1}},
            {"name":"i_count","type":"int","role":"counter","generate":{"from":-5,"to":9}},
            {"name":"i_state","type":"int","role":"state","generate":{"weights":[1,1]}}
           ]}
          """);

  @Provide
  Arbitrary<Domain> domains() {
    return Arbitraries.of(
        Stream.concat(DomainCatalog.names().stream().map(Domain::load), Stream.of(MIXED)).toList());
  }

  @Property(tries = 500)
  void avroReadsWhatWeWrite(
      @ForAll final long seed,
      @ForAll("domains") final Domain domain,
      @ForAll final boolean absurd) {
    final long[] words = event(domain, new Random(seed), absurd);
    final EventEncoder encoder = new EventEncoder(domain);
    final byte[] out = new byte[encoder.maxEncodedSize() + 3];
    final int end = encoder.encode(words, 0, out, 3);
    final GenericRecord read =
        AvroEvents.decode(Arrays.copyOfRange(out, 3, end), domain.schema(), domain.schema());
    assertThat(read).isNotNull();
    assertThat(AvroEvents.words(domain, read)).isEqualTo(words);
  }

  @Property(tries = 500)
  void weReadWhatAvroWritesUnderAnyWriterSchema(
      @ForAll final long seed, @ForAll("domains") final Domain domain) throws Exception {
    final Random random = new Random(seed);
    final Schema writer = WriterSchemas.vary(domain, random);
    final GenericRecord record = WriterSchemas.record(writer, random);
    final byte[] bytes = AvroEvents.encode(record);
    final GenericRecord expected = AvroEvents.decode(bytes, writer, domain.schema());
    final Decoded ours = decode(domain, writer, bytes, random);
    if (expected == null) {
      assertThat(ours.rejection()).isIn(Rejection.UNREADABLE_BRANCH, Rejection.NOT_FINITE);
    } else if (!AvroEvents.isUsable(domain, expected)) {
      assertThat(ours.rejection()).isEqualTo(Rejection.NOT_FINITE);
    } else {
      assertThat(ours.rejection()).isNull();
      assertThat(ours.words()).isEqualTo(AvroEvents.words(domain, expected));
    }
  }

  @Property(tries = 3000)
  void hostileBytesAreAcceptedExactlyWhenAvroAcceptsThem(
      @ForAll final long seed, @ForAll("domains") final Domain domain) throws Exception {
    final Random random = new Random(seed);
    final byte[] bytes = hostile(domain.schema(), random);
    final GenericRecord expected = AvroEvents.decode(bytes, domain.schema(), domain.schema());
    final Decoded ours = decode(domain, domain.schema(), bytes, random);
    if (expected == null || !AvroEvents.isUsable(domain, expected)) {
      assertThat(ours.rejection()).isNotNull();
    } else {
      assertThat(ours.rejection()).isNull();
      assertThat(ours.words()).isEqualTo(AvroEvents.words(domain, expected));
    }
  }

  /** Avro steps back over a field of negative length that it skips; we call that malformed. */
  @Property(tries = 3000)
  void hostileBytesOfOtherWritersAreAcceptedOnlyAsAvroReadsThem(
      @ForAll final long seed, @ForAll("domains") final Domain domain) throws Exception {
    final Random random = new Random(seed);
    final Schema writer = WriterSchemas.vary(domain, random);
    final byte[] bytes = hostile(writer, random);
    final GenericRecord expected = AvroEvents.decode(bytes, writer, domain.schema());
    final Decoded ours = decode(domain, writer, bytes, random);
    if (ours.rejection() == null) {
      assertThat(expected).isNotNull();
      assertThat(ours.words()).isEqualTo(AvroEvents.words(domain, expected));
    }
  }

  private static byte[] hostile(final Schema writer, final Random random) throws Exception {
    final byte[] bytes = AvroEvents.encode(WriterSchemas.record(writer, random));
    switch (random.nextInt(4)) {
      case 0 -> {
        return Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      }
      case 1 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      case 2 -> random.nextBytes(bytes);
      default -> {
        return Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(9));
      }
    }
    return bytes;
  }

  @Example
  void readingsAreRefusedThatWouldSpoilARowsSum() throws Exception {
    assertThat(rejectionOf(Math.nextDown(0x1p960))).isNull();
    assertThat(rejectionOf(-Math.nextDown(0x1p960))).isNull();
    assertThat(rejectionOf(Double.MIN_VALUE)).isNull();
    assertThat(rejectionOf(0x1p960)).isEqualTo(Rejection.TOO_LARGE);
    assertThat(rejectionOf(-Double.MAX_VALUE)).isEqualTo(Rejection.TOO_LARGE);
    assertThat(rejectionOf(Double.NaN)).isEqualTo(Rejection.NOT_FINITE);
    assertThat(rejectionOf(Double.NEGATIVE_INFINITY)).isEqualTo(Rejection.NOT_FINITE);
    assertThat(Math.nextDown(0x1p960) * 0x1p63).isFinite();
  }

  private static Rejection rejectionOf(final double reading) throws Exception {
    final long[] words = event(IOT, new Random(1), false);
    words[EventLayout.of(IOT).slotOf(IOT.measures().get(0))] = Double.doubleToRawLongBits(reading);
    final EventEncoder encoder = new EventEncoder(IOT);
    final byte[] bytes = new byte[encoder.maxEncodedSize()];
    final int length = encoder.encode(words, 0, bytes, 0);
    return decode(IOT, IOT.schema(), Arrays.copyOf(bytes, length), new Random(2)).rejection();
  }

  /** Whatever comes, the answer is a verdict: nothing is thrown, and nothing takes long. */
  @Example
  void aMillionMutationsAreAllJudged() throws Exception {
    final Random random = new Random(20_261_123);
    final List<EventDecoder> decoders = new ArrayList<>();
    final List<byte[]> seeds = new ArrayList<>();
    for (Domain domain : List.of(IOT, MIXED)) {
      for (int i = 0; i < 20; i++) {
        final Schema writer = i == 0 ? domain.schema() : WriterSchemas.vary(domain, random);
        decoders.add(new EventDecoder(domain, writer));
        seeds.add(AvroEvents.encode(WriterSchemas.record(writer, random)));
      }
    }
    final long[] words =
        new long[Math.max(EventLayout.of(IOT).stride(), EventLayout.of(MIXED).stride())];
    final Map<Rejection, Integer> verdicts = new EnumMap<>(Rejection.class);
    int good = 0;
    for (int i = 0; i < 1_000_000; i++) {
      final byte[] bytes = mutated(seeds.get(random.nextInt(seeds.size())), random);
      final Rejection rejection =
          decoders.get(random.nextInt(decoders.size())).decode(bytes, 0, bytes.length, words, 0);
      if (rejection == null) {
        good++;
      } else {
        verdicts.merge(rejection, 1, Integer::sum);
      }
    }
    assertThat(good).isPositive();
    assertThat(verdicts).containsOnlyKeys(Rejection.values());
  }

  private static byte[] mutated(final byte[] seed, final Random random) {
    byte[] bytes = seed.clone();
    for (int edits = random.nextInt(4); edits >= 0; edits--) {
      final int at = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
      switch (bytes.length == 0 ? 3 : random.nextInt(5)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 10), (byte) -1);
        case 2 -> bytes = Arrays.copyOf(bytes, at);
        case 3 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(20));
        default -> bytes = Arrays.copyOfRange(bytes, at, bytes.length);
      }
    }
    return bytes;
  }

  @Example
  void writersThatCannotBeReadAreRefusedByName() {
    assertThatThrownBy(() -> new EventDecoder(IOT, Schema.create(Schema.Type.STRING)))
        .hasMessage("The writer's schema is string, not a record");
    assertThatThrownBy(() -> new EventDecoder(MIXED, without(MIXED, "d_meas")))
        .hasMessage("The writer's schema lacks the field 'd_meas', which has no default");
    assertThatThrownBy(
            () ->
                new EventDecoder(
                    IOT,
                    new Schema.Parser()
                        .parse(
                            IOT.schema()
                                .toString()
                                .replace("timestamp-millis", "timestamp-micros"))))
        .hasMessage(
            "The field 'time' is a timestamp-micros in the writer's schema, not timestamp-millis");
    assertThatThrownBy(
            () ->
                new EventDecoder(
                    IOT,
                    new Schema.Parser()
                        .parse(
                            IOT.schema()
                                .toString()
                                .replace(
                                    "\"name\":\"temperature\",\"type\":\"double\"",
                                    "\"name\":\"temperature\",\"type\":\"string\""))))
        .hasMessage(
            "The field 'temperature' is string in the writer's schema and cannot be read as"
                + " double");
  }

  @Example
  void aHugeBlockOfNothingIsSkippedAtOnce() throws Exception {
    final Schema writer =
        new Schema.Parser()
            .parse(
                MIXED
                    .schema()
                    .toString()
                    .replace(
                        "\"fields\":[",
                        "\"fields\":[{\"name\":\"nothing\",\"type\":{\"type\":\"array\",\"items\":\"null\"}},"));
    final byte[] hostile = {-2, -1, -1, -1, -1, -1, -1, -1, -1, 1, 0};
    assertThat(
            new EventDecoder(MIXED, writer)
                .decode(hostile, 0, hostile.length, new long[EventLayout.of(MIXED).stride()], 0))
        .isNotNull();
  }

  private static Schema without(final Domain domain, final String name) {
    final List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : domain.schema().getFields()) {
      if (!field.name().equals(name)) {
        fields.add(new Schema.Field(field.name(), field.schema()));
      }
    }
    return Schema.createRecord("Other", null, "n", false, fields);
  }

  private record Decoded(Rejection rejection, long[] words) {}

  private static Decoded decode(
      final Domain domain, final Schema writer, final byte[] bytes, final Random random)
      throws IncompatibleSchemaException {
    final int before = random.nextInt(5);
    final byte[] buffer = new byte[before + bytes.length + random.nextInt(600)];
    random.nextBytes(buffer);
    System.arraycopy(bytes, 0, buffer, before, bytes.length);
    final long[] words = new long[EventLayout.of(domain).stride()];
    final Rejection rejection =
        new EventDecoder(domain, writer).decode(buffer, before, bytes.length, words, 0);
    return new Decoded(rejection, words);
  }

  private static long[] event(final Domain domain, final Random random, final boolean absurd) {
    final EventLayout layout = EventLayout.of(domain);
    final long[] words = new long[layout.stride()];
    new EventGenerator(domain, random.nextLong())
        .generate(random.nextInt(1_000_000), random.nextInt(), random.nextLong(), words, 0);
    if (absurd) {
      for (Field field : domain.fields()) {
        final List<Long> extremes =
            switch (field.kind()) {
              case BOOLEAN -> List.of(0L, 1L);
              case INT -> List.of((long) Integer.MIN_VALUE, -1L, 0L, (long) Integer.MAX_VALUE);
              case LONG -> List.of(Long.MIN_VALUE, -1L, 0L, Long.MAX_VALUE);
              case FLOAT -> List.of((long) Float.MAX_VALUE, -1L, 0L);
              case DOUBLE -> List.of(Long.MAX_VALUE, 1L);
            };
        long word = extremes.get(random.nextInt(extremes.size()));
        if (field.isReal()) {
          final double real =
              field.kind().isInteger() ? Math.max(-1e9, Math.min(1e9, word)) : (float) word;
          word = Double.doubleToRawLongBits(real);
        }
        words[layout.slotOf(field)] = word;
      }
    }
    return words;
  }

  /** Writer schemas as they come about in practice, and records for them. */
  private static final class WriterSchemas {

    static Schema vary(final Domain domain, final Random random) {
      final List<Schema.Field> fields = new ArrayList<>();
      for (Schema.Field field : domain.schema().getFields()) {
        if (field.hasDefaultValue() && random.nextInt(3) == 0) {
          continue;
        }
        final String name =
            !field.aliases().isEmpty() && random.nextBoolean()
                ? field.aliases().iterator().next()
                : field.name();
        Schema type = demote(field.schema(), random);
        if (random.nextInt(8) == 0) {
          type =
              random.nextBoolean()
                  ? Schema.createUnion(Schema.create(Schema.Type.NULL), type)
                  : Schema.createUnion(type, Schema.create(Schema.Type.STRING));
        }
        fields.add(new Schema.Field(name, type));
      }
      for (int i = random.nextInt(5); i > 0; i--) {
        fields.add(new Schema.Field("extra" + i, extra(random, 0)));
      }
      if (random.nextBoolean()) {
        Collections.shuffle(fields, random);
      }
      return Schema.createRecord(
          domain.schema().getName(), null, domain.schema().getNamespace(), false, fields);
    }

    private static Schema demote(final Schema type, final Random random) {
      if (random.nextInt(4) != 0 || type.getLogicalType() != null) {
        return type;
      }
      return switch (type.getType()) {
        case LONG -> Schema.create(Schema.Type.INT);
        case FLOAT -> Schema.create(random.nextBoolean() ? Schema.Type.INT : Schema.Type.LONG);
        case DOUBLE ->
            Schema.create(
                List.of(Schema.Type.INT, Schema.Type.LONG, Schema.Type.FLOAT)
                    .get(random.nextInt(3)));
        default -> type;
      };
    }

    /** Inside of arrays nothing is without bytes: Avro would count through hostile lengths. */
    private static Schema extra(final Random random, final int depth) {
      return switch (random.nextInt(depth > 2 ? 8 : 13)) {
        case 0 -> Schema.create(Schema.Type.STRING);
        case 1 -> Schema.create(Schema.Type.BYTES);
        case 2 -> Schema.create(Schema.Type.INT);
        case 3 -> Schema.create(Schema.Type.LONG);
        case 4 -> Schema.create(Schema.Type.DOUBLE);
        case 5 -> Schema.create(depth == 0 ? Schema.Type.NULL : Schema.Type.BOOLEAN);
        case 6 ->
            Schema.createFixed("F" + random.nextInt(1_000_000), null, "n", 1 + random.nextInt(9));
        case 7 ->
            Schema.createEnum("E" + random.nextInt(1_000_000), null, "n", List.of("A", "B", "C"));
        case 8 -> Schema.createArray(extra(random, depth + 1));
        case 9 -> Schema.createMap(extra(random, depth + 1));
        case 10, 11 ->
            Schema.createUnion(
                Schema.create(Schema.Type.NULL),
                Schema.create(random.nextBoolean() ? Schema.Type.LONG : Schema.Type.STRING));
        default -> {
          final Schema one = extra(random, depth + 1);
          final Schema other = random.nextBoolean() ? one : extra(random, depth + 1);
          yield Schema.createRecord(
              "R" + random.nextInt(1_000_000),
              null,
              "n",
              false,
              List.of(new Schema.Field("a", one), new Schema.Field("b", other)));
        }
      };
    }

    static GenericRecord record(final Schema writer, final Random random) {
      final GenericRecord record = new GenericData.Record(writer);
      for (Schema.Field field : writer.getFields()) {
        record.put(field.pos(), value(field.schema(), random));
      }
      return record;
    }

    private static Object value(final Schema type, final Random random) {
      return switch (type.getType()) {
        case NULL -> null;
        case BOOLEAN -> random.nextBoolean();
        case INT -> random.nextBoolean() ? random.nextInt(100) - 50 : random.nextInt();
        case LONG -> random.nextBoolean() ? random.nextInt(100) - 50L : random.nextLong();
        case FLOAT -> random.nextInt(60) == 0 ? Float.NaN : random.nextFloat();
        case DOUBLE -> random.nextInt(60) == 0 ? Double.NEGATIVE_INFINITY : random.nextGaussian();
        case STRING -> "x".repeat(random.nextInt(80));
        case BYTES -> java.nio.ByteBuffer.wrap(new byte[random.nextInt(80)]);
        case FIXED -> new GenericData.Fixed(type, new byte[type.getFixedSize()]);
        case ENUM -> new GenericData.EnumSymbol(type, type.getEnumSymbols().get(random.nextInt(3)));
        case ARRAY ->
            java.util.stream.IntStream.range(0, random.nextInt(4))
                .mapToObj(i -> value(type.getElementType(), random))
                .collect(java.util.stream.Collectors.toCollection(ArrayList::new));
        case MAP ->
            random.nextBoolean()
                ? Map.of()
                : Collections.singletonMap("k", value(type.getValueType(), random));
        case UNION -> value(type.getTypes().get(random.nextInt(type.getTypes().size())), random);
        case RECORD -> record(type, random);
      };
    }
  }
}
