package io.millrace.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.events.domain.Domain;
import io.millrace.events.domain.DomainCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ColumnMeaningTest {

  @Test
  void theDocumentationSaysOfEveryKindOfColumnWhatItsCommentSays() throws IOException {
    final String documentation = Files.readString(Path.of("../../docs/events.md"));
    final Set<Aspect> seen = EnumSet.noneOf(Aspect.class);
    for (String domain : DomainCatalog.names()) {
      for (RowColumn column : AggregateTable.of(Domain.load(domain)).columns()) {
        seen.add(column.aspect());
        assertThat(documentation).contains("| " + ColumnMeaning.of(column).split(":")[0] + " |");
      }
    }
    assertThat(seen).isEqualTo(EnumSet.allOf(Aspect.class));
    for (String meaning :
        List.of(ColumnMeaning.HAS_ALERT, ColumnMeaning.INSERTED_AT, ColumnMeaning.ROW_VERSION)) {
      assertThat(documentation).contains("| " + meaning + " |");
    }
    for (String name :
        List.of(
            AggregateTable.RECORD_COUNT,
            AggregateTable.ALERT_COUNT,
            AggregateTable.HAS_ALERT,
            AggregateTable.INSERTED_AT,
            AggregateTable.ROW_VERSION)) {
      assertThat(documentation).contains("| `" + name + "` |");
    }
  }
}
