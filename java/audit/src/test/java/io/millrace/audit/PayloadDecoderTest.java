package io.millrace.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class PayloadDecoderTest {

  private static final Schema DOMAIN =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "R", "fields": [
               {"name": "a", "type": "long"},
               {"name": "b", "type": "int", "default": 5},
               {"name": "c", "type": "double", "aliases": ["oldC"]}]}
              """);
  private static final Schema OLD =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "R", "fields": [
               {"name": "gone", "type": "string"},
               {"name": "oldC", "type": "double"},
               {"name": "a", "type": "int"}]}
              """);

  @Test
  void oldAndNewWritersAreReadSideBySide() throws PayloadDecoder.UndecodableException {
    final PayloadDecoder decoder = new PayloadDecoder(DOMAIN);
    final GenericRecord old = new GenericData.Record(OLD);
    old.put("gone", "x");
    old.put("oldC", 2.5);
    old.put("a", 7);
    final GenericRecord current = new GenericData.Record(DOMAIN);
    current.put("a", 8L);
    current.put("b", 9);
    current.put("c", 1.5);

    for (int round = 0; round < 2; round++) {
      assertThat(decoder.decode(OLD, Fixture.encode(old)))
          .hasToString("{\"a\": 7, \"b\": 5, \"c\": 2.5}");
      assertThat(decoder.decode(DOMAIN, Fixture.encode(current)))
          .hasToString("{\"a\": 8, \"b\": 9, \"c\": 1.5}");
    }
  }
}
