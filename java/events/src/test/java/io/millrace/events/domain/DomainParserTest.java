package io.millrace.events.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DomainParserTest {

  private static final String VALID =
      """
      {"type":"record","name":"R","namespace":"n","table":"db.t","topic":"persistent://public/default/t",
       "fields":[
        {"name":"id","type":"int","role":"key","format":"id_%d"},
        {"name":"time","type":{"type":"long","logicalType":"timestamp-millis"},"role":"time"},
        {"name":"site","type":"int","role":"dimension","labels":{"1":"a","2":"b"},"generate":{"weights":[0,1,1]}},
        {"name":"heat","type":"double","role":"measure","alert":{"above":35},
         "generate":{"mean":1,"spread":1,"drift":1,"noise":1,"step":1,"from":0,"to":9}},
        {"name":"packets","type":"long","role":"counter","generate":{"from":0,"to":9}},
        {"name":"moved","type":"boolean","role":"state","generate":{"probability":0.5}}
       ]}
      """;

  @Test
  void readsEveryAttribute() {
    final Domain domain = DomainParser.parse("test", VALID);
    assertThat(domain.table()).isEqualTo("db.t");
    assertThat(domain.key().text(12)).isEqualTo("id_12");
    assertThat(domain.lastValues()).extracting(Field::name).containsExactly("site", "moved");
    assertThat(domain.measures().get(0).alert()).contains(new Alert(Alert.Direction.ABOVE, 35));
    final Field site = domain.fields().get(2);
    assertThat(site.text(2)).isEqualTo("b");
    assertThat(site.text(7)).as("a code without a label").isEqualTo("7");
  }

  @Test
  void aNameThatNoFileCanHaveIsRefused() {
    final String longest = "a".repeat(128);
    assertThat(DomainParser.parse("test", VALID.replace("packets", longest)).counters().get(0))
        .extracting(Field::column)
        .isEqualTo(longest);
    assertThatThrownBy(() -> DomainParser.parse("test", VALID.replace("packets", longest + "a")))
        .isInstanceOf(InvalidDomainException.class)
        .hasMessageContaining("at most 128 characters");
    assertThatThrownBy(
            () -> DomainParser.parse("test", VALID.replace("db.t", "a".repeat(65) + ".t")))
        .isInstanceOf(InvalidDomainException.class)
        .hasMessageContaining("attribute 'table'");
  }

  @Test
  void iotHasItsTwentyFiveFields() {
    final Domain iot = Domain.load("iot");
    assertThat(iot.fields()).hasSize(25);
    assertThat(iot.table()).isEqualTo("benchmark.sensors_local");
    assertThat(iot.key().text(12345)).isEqualTo("sensor_12345");
    assertThat(iot.measures().stream().filter(f -> f.alert().isPresent()))
        .extracting(
            f -> f.name() + " " + f.alert().get().direction() + " " + f.alert().get().threshold())
        .containsExactly(
            "temperature ABOVE 35.0", "humidity ABOVE 80.0", "batteryLevel BELOW 20.0");
  }

  @Test
  void cpuHasItsFields() {
    final Domain cpu = Domain.load("cpu");
    assertThat(cpu.fields()).hasSizeGreaterThan(30);
    assertThat(cpu.table()).isEqualTo("benchmark.cpu_local");
    assertThat(cpu.key().text(7)).isEqualTo("host_7");
  }

  @Test
  void everyDomainHasItsOwnTableAndTopic() {
    final List<Domain> domains = DomainCatalog.names().stream().map(Domain::load).toList();
    assertThat(domains).extracting(Domain::table).doesNotHaveDuplicates();
    assertThat(domains).extracting(Domain::topic).doesNotHaveDuplicates();
  }

  @Test
  void everyDomainOfTheCatalogLoads() {
    assertThat(DomainCatalog.names()).contains("cpu", "iot").allSatisfy(name -> Domain.load(name));
  }

  @Test
  void unknownDomainNamesTheKnownOnes() {
    assertThatThrownBy(() -> Domain.load("nope"))
        .isInstanceOf(InvalidDomainException.class)
        .hasMessageStartingWith("Unknown domain 'nope'; known domains: ")
        .hasMessageContaining("iot");
    assertThatThrownBy(() -> Domain.load("../iot")).hasMessageContaining("Unknown domain '../iot'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e-7",
        "1e20",
        "4.9E-324",
        "1e308",
        "18446744073709551616",
        "-18446744073709551617"
      })
  void everyDoubleIsAThreshold(final String threshold) {
    assertThat(
            DomainParser.parse("test", VALID.replace("\"above\":35", "\"above\":" + threshold))
                .measures()
                .get(0)
                .alert())
        .contains(new Alert(Alert.Direction.ABOVE, Double.parseDouble(threshold)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"role\":\"key\",\"format\":\"id_%d\" | \"role\":\"state\",\"generate\":{\"weights\":[1]}"
            + " | 0 fields with role key",
        "\"role\":\"counter\"            | \"role\":\"count\"             | role 'count'",
        "\"type\":\"long\",\"role\"      | \"type\":\"string\",\"role\"  | field 'packets' has type"
            + " string",
        "timestamp-millis                | timestamp-micros               | field 'time' the time"
            + " must be",
        "\"above\":35                    | \"over\":35                    | field 'heat' has alert",
        "id_%d                           | id_                            | must contain %d once",
        "\"2\":\"b\"                     | \"x\":\"b\"                    | label code 'x'",
        "\"2\":\"b\"                     | \"2\":\"a\"                    | label 'a' more than"
            + " once",
        "\"2\":\"b\"                     | \"01\":\"b\"                   | label code '01', which"
            + " is not an integer in plain digits",
        "\"2\":\"b\"                     | \"-0\":\"b\"                   | label code '-0'",
        "\"2\":\"b\"                     | \"+2\":\"b\"                   | label code '+2'",
        "\"2\":\"b\"                     | \"1\":\"b\"                    | line 5: Duplicate field"
            + " '1'",
        "\"2\":\"b\"                     | \"3000000000\":\"b\"           | which no int can have",
        "\"2\":\"b\"                     | \"2\":null                     | label code '2'"
            + " something that is not a text",
        "\"2\":\"b\"                     | \"2\":{\"a\":1}                | label code '2'"
            + " something that is not a text",
        "\"2\":\"b\"                     | \"2\":7                        | label code '2'"
            + " something that is not a text",
        "\"2\":\"b\"                     | \"2\":\"7\"                    | reads like the code 7",
        "\"above\":35                    | \"above\":1e400                 | threshold 1E+400,"
            + " which no double can be",
        "\"above\":35                    | \"above\":-1e400                | threshold -1E+400,"
            + " which no double can be",
        "\"above\":35                    | \"above\":1e-400                | threshold 1E-400,"
            + " which no double can be",
        "\"above\":35                    | \"above\":\"35\"                | has alert"
            + " {\"above\":\"35\"}",
        "\"above\":35                    | \"above\":35,\"above\":36       | Duplicate field"
            + " 'above'",
        "\"table\":\"db.t\"              | \"table\":\"system.t\"           | database 'system' is"
            + " ClickHouse's own",
        "\"name\":\"packets\"            | \"name\":\"heat_min\"          | column 'heat_min',"
            + " which is taken",
        "\"name\":\"packets\"            | \"name\":\"packetsSent\"       | has column"
            + " 'packetsSent'",
        "\"name\":\"packets\"            | \"name\":\"not\"                 | has column 'not',"
            + " which",
        "\"name\":\"packets\"            | \"name\":\"_part\"               | has column '_part'",
        "\"table\":\"db.t\"              | \"table\":\"t\"                | attribute 'table'",
        "persistent://public/default/t   | t                              | attribute 'topic'",
        "{\"probability\":0.5}           | {\"probability\":5}            | probability 5.0",
        "{\"probability\":0.5}           | {\"chance\":1}                 | unknown 'chance'",
        "\"from\":0,\"to\":9}}           | \"from\":9,\"to\":0}}          | generates from 9.0 to"
            + " 0.0",
        "\"generate\":{\"weights\":[0,1,1]} | \"unit\":\"m\"              | needs an object"
            + " 'generate'",
        "\"alert\"                       | \"alarm\"                      | unknown attribute"
            + " 'alarm'",
        "\"type\":\"record\"             | \"type\":\"recard\"            | not a valid Avro"
            + " schema",
      })
  void refusesWithFieldAndReason(final String found, final String broken, final String message) {
    assertThat(VALID).contains(found);
    assertThatThrownBy(() -> DomainParser.parse("test", VALID.replace(found, broken)))
        .isInstanceOf(InvalidDomainException.class)
        .hasMessageContaining("'test'")
        .hasMessageContaining(message);
  }
}
