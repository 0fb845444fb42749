package io.millrace.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The window has room for all inserts of the cluster, by the manifests' own numbers. */
class DeduplicationWindowTest {

  /** What reaches a shard from the job, as {@link TableDefinition} counts it. */
  private static final int BATCHES_PER_MINUTE = 50;

  @Test
  void itHoldsWhatTheJobAndTheLowRateWriterInsertInItsTime() throws IOException {
    final String writer = Files.readString(Path.of("../../base/clickhouse/writer.yaml"));
    final double rate = Double.parseDouble(flag(writer, "rate"));
    final int batch = Integer.parseInt(flag(writer, "batch"));
    final int tables = flag(writer, "domain").split(",").length;
    // at worst every insert has rows of every shard
    final double writerInserts = rate / batch / tables * TableDefinition.DEDUPLICATION_SECONDS;
    final double jobInserts = BATCHES_PER_MINUTE / 60.0 * TableDefinition.DEDUPLICATION_SECONDS;

    assertThat(writerInserts + jobInserts)
        .isLessThanOrEqualTo(TableDefinition.DEDUPLICATION_WINDOW);
  }

  private static String flag(final String manifest, final String name) {
    final Matcher flag = Pattern.compile("--" + name + "=(\\S+)").matcher(manifest);
    assertThat(flag.find()).as("--%s", name).isTrue();
    return flag.group(1);
  }
}
