package io.millrace.hooks.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DesiredSizeTest {
  private static final String WHOLE =
      """
      bookies: 4
      zookeeper: "3"
      clickhouse-shards: 3
      clickhouse-replicas: 2
      keeper: 3
      partitions: 16
      """;

  @TempDir private Path directory;

  @Test
  void readsNumbersAndQuotedNumbers() throws IOException {
    assertThat(DesiredSize.read(file(WHOLE))).isEqualTo(new DesiredSize(4, 3, 3, 2, 3, 16));
  }

  @Test
  void readsAMountedConfigMap() throws IOException {
    Files.createDirectory(directory.resolve("..2026_01_01"));
    for (Map.Entry<String, String> key :
        Map.of(
                "bookies", "4",
                "zookeeper", "3",
                "clickhouse-shards", "3",
                "clickhouse-replicas", "2",
                "keeper", "3",
                "partitions", "16\n")
            .entrySet()) {
      Files.writeString(directory.resolve(key.getKey()), key.getValue());
    }
    assertThat(DesiredSize.read(directory)).isEqualTo(new DesiredSize(4, 3, 3, 2, 3, 16));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bookies: 4 | bookies: 0 | 'bookies' is '0', expected a whole number of at least 1",
        "bookies: 4 | bookies: many | 'bookies' is 'many', expected a whole number of at least 1",
        "bookies: 4 | bookies: 4.5 | 'bookies' is '4.5', expected a whole number of at least 1",
        "keeper: 3 | kepper: 3 | unknown key 'kepper'",
        "partitions: 16 | '' | 'partitions' is missing",
        "bookies: 4 | bookies: [ | not a YAML map of numbers",
      })
  void refusesAWrongFileWithItsReason(String line, String wrong, String reason) throws IOException {
    Path file = file(WHOLE.replace(line, wrong));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DesiredSize.read(file))
        .withMessageContaining(reason.strip())
        .withMessageStartingWith(file.toString());
  }

  @ParameterizedTest
  @CsvSource({"'', not a YAML map of numbers", "~, 'bookies' is missing"})
  void refusesAFileWithoutNumbers(String text, String reason) throws IOException {
    Path file = file(text);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DesiredSize.read(file))
        .withMessageContaining(reason);
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("desired.yaml"), text);
  }
}
