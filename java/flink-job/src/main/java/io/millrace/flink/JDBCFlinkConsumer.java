package io.millrace.flink;

import io.millrace.events.domain.Domain;
import io.millrace.flink.aggregate.Accumulator;
import io.millrace.flink.aggregate.AccumulatorLayout;
import io.millrace.flink.aggregate.AccumulatorType;
import io.millrace.flink.aggregate.MergeOperator;
import io.millrace.flink.aggregate.PreAggregateOperator;
import io.millrace.flink.side.RawMessage;
import io.millrace.flink.side.SideTopicSink;
import io.millrace.flink.sink.ClickHouseSink;
import io.millrace.flink.source.EventBatch;
import io.millrace.flink.source.PulsarEntrySource;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.BasicTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.OutputTag;

/**
 * The job: events of a domain from Pulsar, aggregated by source and minute, into ClickHouse.
 *
 * <pre>
 * source (fetch, decode, watermarks) ─chained─ pre-aggregate ─by source─ merge ─chained─ sink
 *                                                   └─ late events, dead letters ─ side topics
 * </pre>
 */
public final class JDBCFlinkConsumer {

  private static final OutputTag<RawMessage> LATE =
      new OutputTag<>("late", TypeInformation.of(RawMessage.class));
  private static final OutputTag<RawMessage> DEAD_LETTERS =
      new OutputTag<>("dead-letter", TypeInformation.of(RawMessage.class));

  private JDBCFlinkConsumer() {}

  /** Where the events come from. */
  @FunctionalInterface
  public interface Events {

    /** Adds the source to a job; its output is chained to what follows. */
    SingleOutputStreamOperator<EventBatch> addTo(
        StreamExecutionEnvironment environment, PulsarEntrySource.Options options);
  }

  /** Submits the job; for the flags see {@link JobOptions}. */
  public static void main(final String[] args) throws Exception {
    run(args, JDBCFlinkConsumer::entries);
  }

  /**
   * Submits the job with another source.
   *
   * @param args flags, see {@link JobOptions}
   */
  public static void run(final String[] args, final Events events) throws Exception {
    final JobOptions options = JobOptions.parse(args);
    final StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration(options));
    build(environment, options, events);
    environment.execute("millrace " + options.domain());
  }

  static Configuration configuration(final JobOptions options) {
    final Configuration configuration = new Configuration();
    configuration.set(PipelineOptions.OBJECT_REUSE, true);
    configuration.set(PipelineOptions.MAX_PARALLELISM, options.maxParallelism());
    configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, options.checkpointInterval());
    configuration.set(
        CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
    // A ClickHouse that is away for hours holds checkpoints up; that is no reason to fail.
    configuration.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, Integer.MAX_VALUE);
    configuration.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
        Duration.ofSeconds(1));
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF,
        Duration.ofMinutes(1));
    // a failure after a while of health is a new one, which waiting longer does not help
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD,
        Duration.ofMinutes(2));
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS, Integer.MAX_VALUE);
    options
        .stateBackend()
        .ifPresent(
            backend ->
                configuration.set(
                    StateBackendOptions.STATE_BACKEND,
                    backend.equals("heap") ? "hashmap" : backend));
    options
        .checkpointDir()
        .ifPresent(
            directory -> configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, directory));
    return configuration;
  }

  static void build(final StreamExecutionEnvironment environment, final JobOptions options) {
    build(environment, options, JDBCFlinkConsumer::entries);
  }

  private static SingleOutputStreamOperator<EventBatch> entries(
      final StreamExecutionEnvironment environment, final PulsarEntrySource.Options options) {
    return environment.fromSource(
        new PulsarEntrySource(options),
        // the source makes the watermarks itself; the strategy only aligns its partitions
        WatermarkStrategy.<EventBatch>noWatermarks()
            .withWatermarkAlignment("partitions", options.eventTime().maxDrift()),
        "events");
  }

  private static void build(
      final StreamExecutionEnvironment environment, final JobOptions options, final Events events) {
    options.parallelism().ifPresent(environment::setParallelism);
    final AccumulatorType rowType =
        new AccumulatorType(AccumulatorLayout.of(Domain.load(options.domain())));
    final long windowMillis = options.window().toMillis();

    final SingleOutputStreamOperator<Accumulator> partials =
        events
            .addTo(environment, options.source(stateFolders(environment)))
            .uid("events")
            .transform(
                "pre-aggregate",
                rowType,
                new PreAggregateOperator(
                    options.domain(), windowMillis, options.tableRows(), LATE, DEAD_LETTERS))
            .uid("pre-aggregate");

    partials
        .keyBy(Accumulator::source, BasicTypeInfo.LONG_TYPE_INFO)
        .transform("merge", rowType, new MergeOperator(options.domain(), windowMillis))
        .uid("merge")
        .sinkTo(new ClickHouseSink(options.domain(), options.clickHouse()))
        .name("clickhouse")
        .uid("clickhouse");

    sideTopic(partials, LATE, options, "late");
    sideTopic(partials, DEAD_LETTERS, options, "dead-letter");
  }

  /** Where checkpoints and savepoints are, by the settings of cluster and job together. */
  private static List<String> stateFolders(final StreamExecutionEnvironment environment) {
    final ReadableConfig configuration = environment.getConfiguration();
    return Stream.of(
            CheckpointingOptions.SAVEPOINT_DIRECTORY, CheckpointingOptions.CHECKPOINTS_DIRECTORY)
        .flatMap(folder -> configuration.getOptional(folder).stream())
        .toList();
  }

  private static void sideTopic(
      final SingleOutputStreamOperator<Accumulator> partials,
      final OutputTag<RawMessage> tag,
      final JobOptions options,
      final String suffix) {
    partials
        .getSideOutput(tag)
        .sinkTo(new SideTopicSink(options.connection(), options.topic() + "-" + suffix))
        .name(suffix)
        .uid(suffix);
  }
}
