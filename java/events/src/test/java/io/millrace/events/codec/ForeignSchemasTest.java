package io.millrace.events.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.events.domain.Domain;
import io.millrace.events.generate.EventGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemas as other teams and enemies register them, and the events that follow. */
class ForeignSchemasTest {

  private static final Domain IOT = Domain.load("iot");
  private static final String FIELDS = "\"fields\":[";

  /** Index of the branch of a union, as Avro writes it. */
  private static final byte FIRST = 0;

  private static final byte SECOND = 2;

  /** The domain's schema with one more field in front. */
  private static String withField(final String type) {
    return IOT.schema()
        .toString()
        .replaceFirst(
            "\"fields\":\\[",
            java.util.regex.Matcher.quoteReplacement(
                FIELDS + "{\"name\":\"more\",\"type\":" + type + "},"));
  }

  private static byte[] event() {
    final long[] words = new long[EventLayout.of(IOT).stride()];
    new EventGenerator(IOT, 7).generate(3, 4, 1_700_000_000_000L, words, 0);
    final EventEncoder encoder = new EventEncoder(IOT);
    final byte[] bytes = new byte[encoder.maxEncodedSize()];
    return Arrays.copyOf(bytes, encoder.encode(words, 0, bytes, 0));
  }

  /** An event with the bytes of the further field. */
  private static byte[] event(final byte... more) {
    final byte[] event = event();
    final byte[] bytes = Arrays.copyOf(more, more.length + event.length);
    System.arraycopy(event, 0, bytes, more.length, event.length);
    return bytes;
  }

  private static Rejection decode(final String schema, final byte[] event, final long[] words)
      throws IncompatibleSchemaException {
    return new EventDecoder(IOT, WriterSchemaText.parse(schema))
        .decode(event, 0, event.length, words, 0);
  }

  private static void assertReadAsHealthy(final String schema, final byte[] event)
      throws IncompatibleSchemaException {
    final long[] words = new long[EventLayout.of(IOT).stride()];
    assertThat(decode(schema, event, words)).isNull();
    final GenericRecord expected = AvroEvents.decode(event(), IOT.schema(), IOT.schema());
    assertThat(words).isEqualTo(AvroEvents.words(IOT, expected));
  }

  @ParameterizedTest
  @ValueSource(strings = {"com.acme.Telemetry$", "com.acme-iot.telemetry", ".com.acme.", "1.2"})
  void aNamespaceThatAvroRefusesTodayMeansNothing(final String namespace) throws Exception {
    final String schema =
        IOT.schema()
            .toString()
            .replace(
                "\"namespace\":\"" + IOT.schema().getNamespace() + "\"",
                "\"namespace\":\"" + namespace + "\"");
    assertThat(schema).contains(namespace);
    assertReadAsHealthy(schema, event());
  }

  @ParameterizedTest
  @ValueSource(strings = {"fw-version", "this$0", "größe", ""})
  void aNameThatAvroRefusesMeansNothing(final String name) throws Exception {
    assertReadAsHealthy(
        withField("\"long\"").replace("\"more\"", "\"" + name + "\""), event(FIRST));
  }

  @Test
  void aDefaultOfAnotherTypeMeansNothing() throws Exception {
    assertReadAsHealthy(withField("\"int\",\"default\":\"none\""), event(FIRST));
  }

  /** Avro's own reader under the same schema is the judge of a value that is not null. */
  @Test
  void whatHasOddNamesIsSkippedAsAvroSkipsIt() throws Exception {
    final String type =
        "{\"type\":\"record\",\"name\":\"In-ner$\",\"fields\":[{\"name\":\"a-b\",\"type\":"
            + "{\"type\":\"enum\",\"name\":\"E-1\",\"symbols\":[\"a-b\",\"c d\"]}},"
            + "{\"name\":\"c\",\"type\":[\"null\",\"string\"]}]}";
    final Schema writer = WriterSchemaText.parse(withField(type));
    final byte[] bytes = event(SECOND, SECOND, (byte) 6, (byte) 'x', (byte) 'y', (byte) 'z');
    final GenericRecord expected = AvroEvents.decode(bytes, writer, IOT.schema());
    final long[] words = new long[EventLayout.of(IOT).stride()];
    assertThat(decode(withField(type), bytes, words)).isNull();
    assertThat(words).isEqualTo(AvroEvents.words(IOT, expected));
  }

  /** Each level has the one below twice: 2^n values, and a text that grows by a line a level. */
  private static String doubled(final int levels, final String leaf) {
    String type = leaf;
    for (int level = 0; level < levels; level++) {
      final String again =
          level > 0 ? "\"R" + (level - 1) + "\"" : leaf.contains("Empty") ? "\"Empty\"" : leaf;
      type =
          "{\"type\":\"record\",\"name\":\"R%d\",\"fields\":[{\"name\":\"a\",\"type\":%s},{\"name\":\"b\",\"type\":%s}]}"
              .formatted(level, type, again);
    }
    return type;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 24, 150})
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD, unit = TimeUnit.SECONDS)
  void typesThatAreUsedTwiceAtEveryLevelAreCompiledOnce(final int levels) throws Exception {
    final String schema = withField("[\"null\"," + doubled(levels, "\"int\"") + "]");
    assertReadAsHealthy(schema, event(FIRST));
    // the value's 2^levels numbers are not there
    assertThat(decode(schema, event(SECOND), new long[EventLayout.of(IOT).stride()])).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"null\"", "{\"type\":\"record\",\"name\":\"Empty\",\"fields\":[]}"})
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD, unit = TimeUnit.SECONDS)
  void countlessValuesWithoutBytesCostNothing(final String nothing) throws Exception {
    final String none = doubled(150, nothing);
    assertReadAsHealthy(withField(none), event());
    final byte[] blockOf2To61 = {-2, -1, -1, -1, -1, -1, -1, -1, 63, 0};
    assertReadAsHealthy(
        withField("{\"type\":\"array\",\"items\":" + none + "}"), event(blockOf2To61));
  }

  @Test
  void aFixedOfGigabytesTakesNoMemory() throws Exception {
    final String huge = "{\"type\":\"fixed\",\"name\":\"F%d\",\"size\":%d}";
    final String schema = withField("[\"null\"," + huge.formatted(1, Integer.MAX_VALUE - 8) + "]");
    assertReadAsHealthy(schema, event(FIRST));
    final long[] words = new long[EventLayout.of(IOT).stride()];
    assertThat(decode(schema, event(SECOND), words)).isEqualTo(Rejection.MALFORMED);
    assertThat(decode(withField(huge.formatted(1, 2_000_000_000)), event(), words))
        .isEqualTo(Rejection.MALFORMED);
    // two whose sizes add up to more than an int
    assertThat(
            decode(
                withField(
                    huge.formatted(1, 1_200_000_000)
                        + "},{\"name\":\"still_more\",\"type\":"
                        + huge.formatted(2, 1_200_000_000)),
                event(),
                words))
        .isEqualTo(Rejection.MALFORMED);
    assertThat(decode(withField(doubled(60, "\"double\"")), event(), words))
        .isEqualTo(Rejection.MALFORMED);
  }

  @Test
  void manyFieldsOfSomeBytesAreSkippedAsAvroSkipsThem() throws Exception {
    final StringBuilder fields = new StringBuilder("\"long\"}");
    final ByteArrayOutputStream more = new ByteArrayOutputStream();
    more.write(FIRST);
    for (int i = 0; i < 300; i++) {
      fields.append(
          ",{\"name\":\"f%d\",\"type\":{\"type\":\"fixed\",\"name\":\"F%d\",\"size\":%d}}"
              .formatted(i, i, i % 40));
      more.writeBytes(new byte[i % 40]);
      fields.append(",{\"name\":\"l%d\",\"type\":\"long\"}".formatted(i));
      more.write(i & 0x7f);
    }
    final String type = fields.substring(0, fields.length() - 1);
    final byte[] bytes = event(more.toByteArray());
    assertThat(AvroEvents.decode(bytes, WriterSchemaText.parse(withField(type)), IOT.schema()))
        .isNotNull();
    assertReadAsHealthy(withField(type), bytes);
    for (int length = bytes.length - 1; length > 0; length -= 37) {
      assertThat(
              decode(
                  withField(type),
                  Arrays.copyOf(bytes, length),
                  new long[EventLayout.of(IOT).stride()]))
          .isNotNull();
    }
  }

  private static String nested(final int levels) {
    return "{\"type\":\"array\",\"items\":".repeat(levels) + "\"int\"" + "}".repeat(levels);
  }

  @Test
  void typesThatEnterThemselvesOrNestWithoutEndAreRefused() throws Exception {
    refused(
        withField(
            "{\"type\":\"record\",\"name\":\"L\",\"fields\":[{\"name\":\"next\",\"type\":[\"null\",\"L\"]}]}"),
        "The writer's schema has the recursive type 'io.millrace.L'"
            .replace("io.millrace", IOT.schema().getNamespace()));
    assertReadAsHealthy(withField(nested(SkipCompiler.MAX_DEPTH)), event(FIRST));
    refused(
        withField(nested(SkipCompiler.MAX_DEPTH + 1)),
        "The writer's schema nests types more than 200 levels deep");
    // beyond what a parser of JSON follows, by names
    final StringBuilder chain =
        new StringBuilder("{\"type\":\"record\",\"name\":\"C0\",\"fields\":[]}");
    for (int i = 1; i < 2_000; i++) {
      chain.append(
          "},{\"name\":\"c%d\",\"type\":{\"type\":\"record\",\"name\":\"C%d\",\"fields\":[{\"name\":\"x\",\"type\":\"C%d\"}]}"
              .formatted(i, i, i - 1));
    }
    refused(
        withField(chain.toString()), "The writer's schema nests types more than 200 levels deep");
  }

  private static void refused(final String schema, final String reason) {
    assertThatThrownBy(() -> new EventDecoder(IOT, WriterSchemaText.parse(schema)))
        .isInstanceOf(IncompatibleSchemaException.class)
        .hasMessage(reason);
  }

  /** Avro throws exceptions of many kinds about these. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "3",
        "\"R\"",
        "{",
        "[[[[",
        "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"x\",\"type\":\"int\",\"order\":\"bogus\"}]}",
        "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"x\",\"type\":\"Unknown\"}]}",
        "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"x\",\"type\":[[\"int\"]]}]}",
        "{\"type\":\"fixed\",\"name\":\"F\",\"size\":-3}",
        "{\"type\":\"fixed\",\"name\":\"F\",\"size\":2147483647}",
        "{\"type\":\"record\",\"name\":\"A\",\"fields\":[]} more"
      })
  void whatIsNoSchemaIsRefusedWhateverAvroThrows(final String text) {
    assertThatThrownBy(() -> new EventDecoder(IOT, WriterSchemaText.parse(text)))
        .isInstanceOf(IncompatibleSchemaException.class);
  }

  @Test
  void aTextThatNestsOrRunsOnWithoutEndIsRefused() {
    assertThatThrownBy(() -> WriterSchemaText.parse("[".repeat(100_000)))
        .isInstanceOf(IncompatibleSchemaException.class);
    refused(
        " ".repeat(WriterSchemaText.MAX_CHARACTERS + 1),
        "The writer's schema has 262,145 characters, more than 262,144");
  }

  /** A union's branch that is not read may be of any type. */
  @Test
  void aBranchThatNothingReadsMayBeRecursive() throws Exception {
    final String schema =
        IOT.schema()
            .toString()
            .replace(
                "{\"name\":\"temperature\",\"type\":\"double\"",
                "{\"name\":\"temperature\",\"type\":[\"double\",{\"type\":\"record\",\"name\":\"L\","
                    + "\"fields\":[{\"name\":\"next\",\"type\":[\"null\",\"L\"]}]}]");
    final Schema writer = WriterSchemaText.parse(schema);
    final GenericRecord event = AvroEvents.decode(event(), IOT.schema(), IOT.schema());
    assertReadAsHealthy(schema, AvroEvents.encode(copy(event, writer)));
  }

  private static GenericRecord copy(final GenericRecord event, final Schema writer)
      throws IOException {
    final GenericRecord copy = new GenericData.Record(writer);
    event.getSchema().getFields().forEach(field -> copy.put(field.name(), event.get(field.pos())));
    return copy;
  }
}
