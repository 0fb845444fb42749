package io.millrace.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.Reader;

/** The whole job on a Flink cluster in this JVM. */
final class EmbeddedJob {

  private EmbeddedJob() {}

  /** A cluster that has not been started. */
  static MiniCluster cluster(final int taskManagers, final int slotsPerTaskManager) {
    final Configuration configuration = new Configuration();
    configuration.set(RestOptions.BIND_PORT, "0");
    return new MiniCluster(
        new MiniClusterConfiguration.Builder()
            .setConfiguration(configuration)
            .setNumTaskManagers(taskManagers)
            .setNumSlotsPerTaskManager(slotsPerTaskManager)
            .build());
  }

  /** The job with the settings of a command line. */
  static JobGraph graph(final String... settings) {
    final JobOptions options = JobOptions.parse(settings);
    final StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(
            JDBCFlinkConsumer.configuration(options));
    JDBCFlinkConsumer.build(environment, options);
    return environment.getStreamGraph().getJobGraph();
  }

  static JobID submit(final MiniCluster cluster, final JobGraph graph) throws Exception {
    return cluster.submitJob(graph).get(30, TimeUnit.SECONDS).getJobID();
  }

  /** What is in the topic's dead-letter topic; each message has to say why. */
  static List<Message<byte[]>> deadLetters(final PulsarClient client, final String topic)
      throws Exception {
    return letters(client, topic + "-dead-letter");
  }

  /** What is in a topic of late messages or dead letters; each message has to say why. */
  static List<Message<byte[]>> letters(final PulsarClient client, final String topic)
      throws Exception {
    final List<Message<byte[]>> letters = new ArrayList<>();
    try (Reader<byte[]> reader =
        client.newReader().topic(topic).startMessageId(MessageId.earliest).create()) {
      while (reader.hasMessageAvailable()) {
        final Message<byte[]> letter = reader.readNext();
        assertThat(letter.getProperty("millrace.reason")).isNotBlank();
        letters.add(letter);
      }
    }
    return letters;
  }
}
