package io.millrace.connector;

import io.millrace.flink.JDBCFlinkConsumer;
import io.millrace.flink.source.EventBatch;
import io.millrace.flink.source.PulsarEntrySource;
import java.nio.file.Path;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.pulsar.source.PulsarSource;
import org.apache.flink.connector.pulsar.source.PulsarSourceBuilder;
import org.apache.flink.connector.pulsar.source.PulsarSourceOptions;
import org.apache.flink.connector.pulsar.source.config.CursorVerification;
import org.apache.flink.connector.pulsar.source.enumerator.cursor.StartCursor;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * {@link JDBCFlinkConsumer} with the connector as its source, set up as its documentation asks for
 * exactly-once: an exclusive durable subscription, positions in the checkpoints, acknowledgements
 * when a checkpoint is complete. A recovery that cannot go to its position fails and is tried
 * again, and the options for speed are the best that were measured, so that nothing but the
 * connector itself is to blame.
 */
public final class ConnectorJob {

  private static final int MAX_FETCH_RECORDS = 5_000;
  private static final int FETCH_ONE_MESSAGE_MILLIS = 5;
  private static final int RECEIVER_QUEUE_MESSAGES = 10_000;

  private ConnectorJob() {}

  /** Submits the job; the flags are those of {@link JDBCFlinkConsumer}. */
  public static void main(final String[] args) throws Exception {
    JDBCFlinkConsumer.run(args, ConnectorJob::events);
  }

  private static SingleOutputStreamOperator<EventBatch> events(
      final StreamExecutionEnvironment environment, final PulsarEntrySource.Options options) {
    return environment.fromSource(
        source(options),
        WatermarkStrategy.<EventBatch>forBoundedOutOfOrderness(options.eventTime().outOfOrderness())
            .withTimestampAssigner((batch, publishTime) -> MessageDecoder.eventTime(batch))
            .withIdleness(options.eventTime().idleTimeout())
            .withWatermarkAlignment("partitions", options.eventTime().maxDrift()),
        "events");
  }

  private static PulsarSource<EventBatch> source(final PulsarEntrySource.Options options) {
    final PulsarSourceBuilder<EventBatch> builder =
        PulsarSource.builder()
            .setServiceUrl(options.connection().serviceUrl())
            .setTopics(options.topic())
            .setSubscriptionName(options.subscription())
            .setStartCursor(StartCursor.earliest())
            .setDeserializationSchema(
                new MessageDecoder(options.domain(), options.eventTime().bounds()))
            .setConfig(
                PulsarSourceOptions.PULSAR_VERIFY_INITIAL_OFFSETS,
                CursorVerification.FAIL_ON_MISMATCH)
            .setConfig(
                PulsarSourceOptions.PULSAR_PARTITION_DISCOVERY_INTERVAL_MS,
                options.discoveryInterval().toMillis())
            .setConfig(PulsarSourceOptions.PULSAR_MAX_FETCH_RECORDS, MAX_FETCH_RECORDS)
            .setConfig(PulsarSourceOptions.PULSAR_FETCH_ONE_MESSAGE_TIME, FETCH_ONE_MESSAGE_MILLIS)
            .setConfig(PulsarSourceOptions.PULSAR_RECEIVER_QUEUE_SIZE, RECEIVER_QUEUE_MESSAGES);
    if (options.connection().tokenFile() != null) {
      builder.setAuthentication(
          "org.apache.pulsar.client.impl.auth.AuthenticationToken",
          Path.of(options.connection().tokenFile()).toUri().toString());
    }
    return builder.build();
  }
}
