package io.millrace.bench.usual;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.jdbc.JdbcConnectionOptions.JdbcConnectionOptionsBuilder;
import org.apache.flink.connector.jdbc.JdbcExecutionOptions;
import org.apache.flink.connector.jdbc.core.datastream.sink.JdbcSink;
import org.apache.flink.connector.pulsar.source.PulsarSource;
import org.apache.flink.connector.pulsar.source.PulsarSourceOptions;
import org.apache.flink.connector.pulsar.source.enumerator.cursor.StartCursor;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/**
 * The job. Flags: {@code --service-url}, {@code --topic}, {@code --subscription}, {@code
 * --clickhouse-url}, {@code --state-backend hashmap|rocksdb}, {@code --checkpoint-dir};
 * ClickHouse's user and password come from {@code CLICKHOUSE_USER} and {@code CLICKHOUSE_PASSWORD}.
 */
public final class UsualJob {

  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(10);
  private static final Duration OUT_OF_ORDERNESS = Duration.ofSeconds(1);
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration MAX_DRIFT = Duration.ofMinutes(2);
  private static final int BATCH_ROWS = 5_000;
  private static final int BATCH_MILLIS = 1_000;
  private static final int MAX_FETCH_RECORDS = 5_000;
  private static final int FETCH_ONE_MESSAGE_MILLIS = 5;
  private static final int RECEIVER_QUEUE_MESSAGES = 10_000;

  private UsualJob() {}

  /** Submits the job. */
  public static void main(final String[] args) throws Exception {
    final Map<String, String> flags = flags(args);
    final StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration(flags));
    environment
        .fromSource(
            source(flags),
            WatermarkStrategy.<SensorReading>forBoundedOutOfOrderness(OUT_OF_ORDERNESS)
                .withTimestampAssigner((reading, publishTime) -> reading.time)
                .withIdleness(IDLE_TIMEOUT)
                .withWatermarkAlignment("partitions", MAX_DRIFT),
            "readings")
        .keyBy(reading -> reading.deviceId)
        .window(TumblingEventTimeWindows.of(WINDOW))
        .aggregate(new SensorAggregate(), new RowOfWindow())
        .name("aggregate")
        .sinkTo(sink(flags))
        .name("clickhouse");
    environment.execute("usual job");
  }

  private static Map<String, String> flags(final String[] args) {
    final Map<String, String> flags = new HashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      flags.put(args[i].substring(2), args[i + 1]);
    }
    return flags;
  }

  private static Configuration configuration(final Map<String, String> flags) {
    final Configuration configuration = new Configuration();
    configuration.set(PipelineOptions.OBJECT_REUSE, true);
    configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINT_INTERVAL);
    configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, flags.get("checkpoint-dir"));
    configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
    configuration.set(StateBackendOptions.STATE_BACKEND, flags.get("state-backend"));
    return configuration;
  }

  private static PulsarSource<SensorReading> source(final Map<String, String> flags) {
    return PulsarSource.builder()
        .setServiceUrl(flags.get("service-url"))
        .setTopics(flags.get("topic"))
        .setSubscriptionName(flags.get("subscription"))
        .setStartCursor(StartCursor.earliest())
        .setDeserializationSchema(new SensorReadingSchema())
        .setConfig(PulsarSourceOptions.PULSAR_MAX_FETCH_RECORDS, MAX_FETCH_RECORDS)
        .setConfig(PulsarSourceOptions.PULSAR_FETCH_ONE_MESSAGE_TIME, FETCH_ONE_MESSAGE_MILLIS)
        .setConfig(PulsarSourceOptions.PULSAR_RECEIVER_QUEUE_SIZE, RECEIVER_QUEUE_MESSAGES)
        .build();
  }

  private static JdbcSink<SensorStatistics> sink(final Map<String, String> flags) {
    return JdbcSink.<SensorStatistics>builder()
        .withQueryStatement(RowStatement.SQL, new RowStatement())
        .withExecutionOptions(
            JdbcExecutionOptions.builder()
                .withBatchSize(BATCH_ROWS)
                .withBatchIntervalMs(BATCH_MILLIS)
                .build())
        .buildAtLeastOnce(
            new JdbcConnectionOptionsBuilder()
                .withUrl(flags.get("clickhouse-url"))
                .withDriverName("com.clickhouse.jdbc.ClickHouseDriver")
                .withUsername(System.getenv("CLICKHOUSE_USER"))
                .withPassword(System.getenv("CLICKHOUSE_PASSWORD"))
                .build());
  }

  /** Names the row's sensor and window. */
  private static final class RowOfWindow
      extends ProcessWindowFunction<SensorStatistics, SensorStatistics, String, TimeWindow> {

    private static final long serialVersionUID = 1L;

    @Override
    public void process(
        final String deviceId,
        final Context context,
        final Iterable<SensorStatistics> statistics,
        final Collector<SensorStatistics> out) {
      final SensorStatistics row = statistics.iterator().next();
      row.deviceId = deviceId;
      row.windowStart = context.window().getStart();
      out.collect(row);
    }
  }
}
