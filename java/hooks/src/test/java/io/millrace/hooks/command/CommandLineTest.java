package io.millrace.hooks.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.options.DurationConverter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Bad usage: exit code 2 and the sentence that names the mistake, before anything is contacted. */
class CommandLineTest {
  @TempDir private Path directory;

  @Command(
      name = "millrace",
      subcommands = {GuardCommand.class, TopicsCommand.class})
  private static final class Millrace {}

  private static String refused(String line) {
    StringWriter output = new StringWriter();
    int exitCode =
        new CommandLine(new Millrace())
            .registerConverter(Duration.class, new DurationConverter())
            .setErr(new PrintWriter(output, true))
            .execute(line.strip().split(" +"));
    assertThat(exitCode).as(output.toString()).isEqualTo(2);
    return output.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "guard | '--desired=PATH'",
        "guard --desired=/nowhere | cannot read --desired /nowhere",
        "guard --desired=x --bookies=bookie | 'bookie' is not an object name",
        "guard --desired=x --timeout=50 | '50' is not a duration",
        "topics apply | '--partitions=N'",
        "topics apply --partitions=0 | partitions is 0",
        "topics apply --partitions=4 --retention=1w | '1w' is not a duration",
        "topics apply --partitions=4 --retention=1s | retention is 1 s, expected at least a minute",
        "topics apply --partitions=4 --retention-size=230 | '230' is not a size",
        "topics apply --partitions=4 --topic=iot | 'iot' is not a full topic name",
        "topics apply --partitions=4 --domain=nothing | there is no domain 'nothing'",
        "topics apply --partitions=4 --schema=/nowhere | cannot read the schema",
        "topics apply --partitions=4 --grant=flink=read | 'read' is not an action",
        "topics apply --partitions=4 --compatibility=NONE | --compatibility",
      })
  void namesTheMistake(String line, String sentence) {
    assertThat(refused(line)).contains(sentence.strip());
  }

  @Test
  void checksNumbersBeforeItConnects() throws IOException {
    Path desired =
        Files.writeString(
            directory.resolve("desired.yaml"),
            "{bookies: 3, zookeeper: 3, clickhouse-shards: 3, clickhouse-replicas: 2, keeper: 3,"
                + " partitions: 16}");
    assertThat(refused("guard --max-disk-usage=85 --desired=" + desired))
        .contains("highest disk usage is 85.0, expected a fraction");
    assertThat(refused("guard --ensemble-size=0 --desired=" + desired))
        .contains("ensemble size is 0");
    Files.writeString(desired, "bookies: 3");
    assertThat(refused("guard --desired=" + desired)).contains("'zookeeper' is missing");
  }

  @Test
  void refusesAFileThatIsNoSchema() throws IOException {
    Path schema = Files.writeString(directory.resolve("wrong.avsc"), "{\"type\": \"recrod\"}");
    assertThat(refused("topics apply --partitions=4 --schema=" + schema))
        .contains("wrong.avsc is no Avro schema");
  }
}
