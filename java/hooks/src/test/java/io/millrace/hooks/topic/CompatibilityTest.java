package io.millrace.hooks.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

class CompatibilityTest {
  private static final Schema FIRST = record("int a");
  private static final Schema WITH_DEFAULT = record("int a, default b");
  private static final Schema WITHOUT_DEFAULT = record("int a, int c");

  @Test
  void anythingMayComeFirst() {
    for (Compatibility rule : Compatibility.values()) {
      assertThat(rule.conflict(FIRST, List.of())).isEmpty();
    }
  }

  @Test
  void aFieldWithADefaultMayComeAndGo() {
    for (Compatibility rule : Compatibility.values()) {
      assertThat(rule.conflict(WITH_DEFAULT, List.of(FIRST))).isEmpty();
      assertThat(rule.conflict(FIRST, List.of(WITH_DEFAULT))).isEmpty();
    }
  }

  @Test
  void aFieldWithoutADefaultIsReadByOldReadersOnly() {
    assertThat(Compatibility.FORWARD.conflict(WITHOUT_DEFAULT, List.of(FIRST))).isEmpty();
    assertThat(Compatibility.BACKWARD.conflict(WITHOUT_DEFAULT, List.of(FIRST))).isPresent();
    assertThat(Compatibility.FULL.conflict(WITHOUT_DEFAULT, List.of(FIRST))).isPresent();
  }

  @Test
  void onlyTransitiveRulesLookBeyondTheLastVersion() {
    List<Schema> registered = List.of(WITHOUT_DEFAULT, FIRST);
    assertThat(Compatibility.FORWARD.conflict(FIRST, registered)).isEmpty();
    assertThat(Compatibility.FORWARD_TRANSITIVE.conflict(FIRST, registered)).isPresent();
  }

  private static Schema record(String fields) {
    SchemaBuilder.FieldAssembler<Schema> record = SchemaBuilder.record("R").fields();
    for (String field : fields.split(", ")) {
      String[] parts = field.split(" ");
      record =
          parts[0].equals("default")
              ? record.name(parts[1]).type().intType().intDefault(0)
              : record.requiredInt(parts[1]);
    }
    return record.endRecord();
  }
}
