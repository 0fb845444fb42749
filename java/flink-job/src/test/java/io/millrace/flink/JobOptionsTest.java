package io.millrace.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobOptionsTest {

  @Test
  void defaultsAreThoseOfTheCluster() {
    final JobOptions options = JobOptions.parse();
    assertThat(options.topic()).isEqualTo("persistent://public/default/iot-sensor-data");
    assertThat(options.checkpointInterval()).isEqualTo(Duration.ofMinutes(1));
    assertThat(options.source(List.of()).subscription()).isEqualTo("flink-jdbc-consumer-avro");
    assertThat(options.stateBackend()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--domain nope                 | Unknown domain 'nope'",
        "--service-url http://x        | --service-url 'http://x' must look like pulsar://",
        "--topic x                     | --topic 'x' must look like persistent://",
        "--batch-rows 0                | --batch-rows 0 must be at least 1",
        "--insert-quorum 0             | --insert-quorum 0 must be at least 1",
        "--insert-quorum 2             | A quorum of 2 can never be reached",
        "--batch-rows many             | '--batch-rows'",
        "--checkpoint-interval abc     | 'abc' is not a duration",
        "--checkpoint-interval 0s      | must be greater than zero",
        "--parallelism 0               | --parallelism 0 must be from 1 to 720",
        "--state-backend disk          | --state-backend 'disk' must be heap or rocksdb",
        "--clickhouse-url http://x     | must start with jdbc:clickhouse:",
        "--checkpoint-dir tmp          | --checkpoint-dir 'tmp' must be a URI",
        "--nonsense                    | Unknown option: '--nonsense'",
      })
  void refusesInOneSentence(final String arguments, final String message) {
    assertThatThrownBy(() -> JobOptions.parse(arguments.split(" ")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  /**
   * Flink escapes what it is given and decodes nothing, so the address has its characters plain.
   */
  @Test
  void checkpointsMayBeInAFolderOfAnyName() {
    final String address = "file:/my checkout (1) ü%20#1/checkpoints";

    assertThat(JobOptions.parse("--checkpoint-dir", address).checkpointDir()).contains(address);
    assertThat(new Path(address).getPath()).isEqualTo("/my checkout (1) ü%20#1/checkpoints");
  }

  @Test
  void sourceAndPreAggregationShareATaskAndMergeAndSinkAnother() throws Exception {
    final JobOptions options = JobOptions.parse("--parallelism", "2");
    final StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(
            JDBCFlinkConsumer.configuration(options));
    JDBCFlinkConsumer.build(environment, options);
    final JobGraph graph = environment.getStreamGraph().getJobGraph();
    assertThat(graph.getVertices())
        .extracting(JobVertex::getName)
        .anyMatch(name -> name.contains("events -> pre-aggregate"))
        .anyMatch(name -> name.contains("merge -> clickhouse: Writer -> clickhouse: Committer"));
    assertThat(graph.getVertices()).allMatch(vertex -> vertex.getMaxParallelism() == 720);
  }
}
