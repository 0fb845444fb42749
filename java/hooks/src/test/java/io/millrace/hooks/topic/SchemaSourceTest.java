package io.millrace.hooks.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.hooks.HookException;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** Schemas that are registered stay for good, whatever the hook's own Avro thinks of them. */
class SchemaSourceTest {
  private static final String OLD =
      """
      {"type": "record", "name": "R-1", "namespace": "com.acme.Outer$",
       "fields": [{"name": "a", "type": "int"}]}
      """;

  @Test
  void aNameThatAvroRefusesTodayIsRead() throws Exception {
    Schema old = SchemaSource.registered("t", OLD);
    assertThat(old.getFullName()).isEqualTo("com.acme.Outer$.R-1");
    Schema next =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "R", "fields": [
                 {"name": "a", "type": "int"}, {"name": "b", "type": "int", "default": 0}]}
                """);
    assertThat(Compatibility.FULL_TRANSITIVE.conflict(next, List.of(old))).isEmpty();
  }

  @Test
  void whatCannotBeReadIsNamed() {
    assertThatThrownBy(() -> SchemaSource.registered("persistent://a/b/c", "\"Unknown\""))
        .isInstanceOf(HookException.class)
        .hasMessageStartingWith(
            "topic persistent://a/b/c has a registered schema that Avro cannot read (");
  }
}
