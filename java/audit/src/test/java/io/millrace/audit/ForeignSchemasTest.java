package io.millrace.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.audit.PayloadDecoder.UndecodableException;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Anybody's schemas: the audit reads by them or calls their messages dead letters; it goes on. */
class ForeignSchemasTest {

  private static final Schema DOMAIN = AuditedDomain.parse(Fixture.AVSC).schema();
  private static final GenericRecord EVENT = Fixture.event(4, 5_000, 6.5);

  private final PayloadDecoder decoder = new PayloadDecoder(DOMAIN);

  /** The domain's schema with one more field in front. */
  private static Schema withField(final String type) {
    return WriterSchemas.parse(
        DOMAIN
            .toString()
            .replace("\"fields\":[", "\"fields\":[{\"name\":\"more\",\"type\":" + type + "},"));
  }

  private static byte[] event(final int... more) {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int b : more) {
      bytes.write(b);
    }
    bytes.writeBytes(Fixture.encode(EVENT));
    return bytes.toByteArray();
  }

  private void assertRead(final Schema writer, final byte[] payload) throws UndecodableException {
    assertThat(decoder.decode(writer, payload)).hasToString(EVENT.toString());
  }

  private void assertUndecodable(final Schema writer, final byte[] payload) {
    assertThatThrownBy(() -> decoder.decode(writer, payload))
        .isInstanceOf(UndecodableException.class);
  }

  @Test
  void namesThatAvroRefusesAndDefaultsOfOtherTypesMeanNothing() throws Exception {
    assertRead(
        WriterSchemas.parse(
            DOMAIN
                .toString()
                .replace(
                    "\"name\":\"Meter\"",
                    "\"name\":\"Me-ter\",\"namespace\":\"com.acme.Telemetry$\"")),
        event());
    assertRead(withField("\"int\",\"default\":\"none\""), event(2));
    assertRead(
        withField(
            "{\"type\":\"enum\",\"name\":\"E-1\",\"symbols\":[\"a-b\",\"c"
                + " d\"]},\"aliases\":[\"x-y\"]"),
        event(2));
  }

  private static String doubled(final int levels, final String leaf) {
    String type = leaf;
    for (int level = 0; level < levels; level++) {
      type =
          "{\"type\":\"record\",\"name\":\"R%d\",\"fields\":[{\"name\":\"a\",\"type\":%s},{\"name\":\"b\",\"type\":%s}]}"
              .formatted(level, type, level == 0 ? leaf : "\"R" + (level - 1) + "\"");
    }
    return type;
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD, unit = TimeUnit.SECONDS)
  void aSmallSchemaOfCountlessValuesTakesNeitherTimeNorMemory() throws Exception {
    assertRead(withField("[\"null\"," + doubled(150, "\"int\"") + "]"), event(0));
    assertUndecodable(withField("[\"null\"," + doubled(150, "\"int\"") + "]"), event(2));
    assertRead(withField(doubled(150, "\"null\"")), event());
    // a block of 2^61 nulls, then the end
    assertRead(
        withField("{\"type\":\"array\",\"items\":\"null\"}"),
        event(-2, -1, -1, -1, -1, -1, -1, -1, 63, 0));
    // a block that claims to be -1 bytes long
    assertUndecodable(withField("{\"type\":\"array\",\"items\":\"int\"}"), event(1, 1, 1, 1));
    assertUndecodable(
        withField("{\"type\":\"fixed\",\"name\":\"F\",\"size\":2000000000}"), event());
    assertUndecodable(withField("\"string\""), event(-2, -1, -1, -1, 15));
  }

  @Test
  void whatIsSkippedIsSkippedAsAvroWroteIt() throws Exception {
    assertRead(
        withField("{\"type\":\"map\",\"values\":[\"null\",\"boolean\"]}"),
        event(4, 2, 'a', 0, 2, 'b', 2, 1, 0));
    // a block of which the size is known: -1 items, 2 bytes
    assertRead(withField("{\"type\":\"array\",\"items\":\"long\"}"), event(1, 4, 9, 9, 0));
    assertRead(withField("{\"type\":\"fixed\",\"name\":\"F\",\"size\":3}"), event(1, 2, 3));
    assertRead(withField("\"bytes\""), event(4, 7, 7));
    assertUndecodable(withField("[\"null\",\"int\"]"), event(4));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "\"R\"",
        "{",
        "[[[[",
        "{\"type\":\"fixed\",\"name\":\"F\",\"size\":2147483647}",
        "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"x\",\"type\":\"int\",\"order\":\"bogus\"}]}",
        "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"x\",\"type\":\"Unknown\"}]}",
        "\"string\"",
        "{\"type\":\"record\",\"name\":\"A\",\"fields\":[]}"
      })
  void messagesOfWhatIsNoSchemaAreNoEvents(final String text) {
    assertUndecodable(WriterSchemas.parse(text), event());
  }

  @Test
  void messagesOfSchemasWithoutEndAreNoEvents() throws Exception {
    assertUndecodable(WriterSchemas.parse("[".repeat(100_000)), event());
    assertUndecodable(WriterSchemas.parse(DOMAIN + " ".repeat(262_144)), event());
    assertUndecodable(
        withField(
            "{\"type\":\"record\",\"name\":\"L\",\"fields\":[{\"name\":\"next\",\"type\":[\"null\",\"L\"]}]}"),
        event(0));
    assertRead(withField(nested(200)), event(0));
    assertUndecodable(withField(nested(201)), event(0));
  }

  private static String nested(final int levels) {
    return "{\"type\":\"array\",\"items\":".repeat(levels) + "\"int\"" + "}".repeat(levels);
  }

  /** A branch of a union that the field cannot hold may be anything. */
  @Test
  void unionsAreReadByTheirBranch() throws Exception {
    final Schema writer =
        WriterSchemas.parse(
            DOMAIN
                .toString()
                .replace(
                    "\"name\":\"meterId\",\"type\":\"int\"",
                    "\"name\":\"meterId\",\"type\":[\"null\",\"int\","
                        + doubled(150, "\"null\"")
                        + "]"));
    assertRead(writer, event(2));
    assertUndecodable(writer, event(0));
    assertUndecodable(writer, event(4));
  }

  @Test
  void anotherUnitOfTimeIsRefused() {
    assertUndecodable(
        WriterSchemas.parse(DOMAIN.toString().replace("timestamp-millis", "timestamp-micros")),
        event());
  }
}
