package io.millrace.flink;

import io.millrace.events.domain.Domain;
import io.millrace.events.domain.InvalidDomainException;
import io.millrace.flink.connection.PulsarConnection;
import io.millrace.flink.sink.ClickHouseTarget;
import io.millrace.flink.source.EventTimePolicy;
import io.millrace.flink.source.PulsarEntrySource;
import io.millrace.flink.source.StateCheck;
import io.millrace.flink.source.TimeBounds;
import io.millrace.options.DurationConverter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The job's settings, from flags or, where a flag is absent, from the environment; checked before
 * anything starts.
 */
@Command(
    name = "JDBCFlinkConsumer",
    description = "Aggregates a domain's events from Pulsar into ClickHouse, exactly once.",
    sortOptions = false)
final class JobOptions {

  private static final String START_FIRST = "first";
  private static final String START_EARLIEST = "earliest";
  private static final int MAX_PARALLELISM = 720;

  /** Rows of a few hundred words each must fit one array. */
  private static final int MAX_TABLE_ROWS = 4_194_304;

  private static final Duration WINDOW = Duration.ofMinutes(1);

  @Option(
      names = "--domain",
      defaultValue = "${env:MILLRACE_DOMAIN:-iot}",
      description = "Kind of events (default: ${DEFAULT-VALUE}).")
  private String domain;

  @Option(
      names = "--service-url",
      defaultValue = "${env:MILLRACE_SERVICE_URL:-pulsar://127.0.0.1:6650}",
      description = "Pulsar brokers (default: ${DEFAULT-VALUE}).")
  private String serviceUrl;

  @Option(
      names = "--token-file",
      defaultValue = "${env:MILLRACE_TOKEN_FILE:-}",
      description = "File with the token to authenticate with at the brokers.")
  private String tokenFile;

  @Option(
      names = "--topic",
      defaultValue = "${env:MILLRACE_TOPIC:-}",
      description = "Topic to read (default: the domain's).")
  private String topic;

  @Option(
      names = "--subscription",
      defaultValue = "${env:MILLRACE_SUBSCRIPTION:-flink-jdbc-consumer-avro}",
      description = "Subscription that marks progress at the broker (default: ${DEFAULT-VALUE}).")
  private String subscription;

  @Option(
      names = "--start",
      defaultValue = "${env:MILLRACE_START:-" + START_FIRST + "}",
      description =
          "Without state: first begins at the topic's beginning and refuses a topic that the"
              + " subscription has read already; earliest begins there anyway"
              + " (default: ${DEFAULT-VALUE}).")
  private String start;

  @Option(
      names = "--allow-gap",
      defaultValue = "${env:MILLRACE_ALLOW_GAP:-false}",
      description =
          "Continue although the topic no longer holds all messages since the state was saved.")
  private boolean allowGap;

  @Option(
      names = "--receiver-queue",
      defaultValue = "${env:MILLRACE_RECEIVER_QUEUE:-32}",
      description = "Entries that wait in the client per partition (default: ${DEFAULT-VALUE}).")
  private int receiverQueue;

  @Option(
      names = "--stall-timeout",
      defaultValue = "${env:MILLRACE_STALL_TIMEOUT:-10m}",
      description =
          "After how long without an entry a partition that has some fails the job, which then"
              + " starts again (default: ${DEFAULT-VALUE}).")
  private Duration stallTimeout;

  @Option(
      names = "--discovery-interval",
      defaultValue = "${env:MILLRACE_DISCOVERY_INTERVAL:-2s}",
      description = "How often new partitions are looked for (default: ${DEFAULT-VALUE}).")
  private Duration discoveryInterval;

  @Option(
      names = "--clickhouse-url",
      defaultValue = "${env:MILLRACE_CLICKHOUSE_URL:-jdbc:clickhouse://127.0.0.1:8123}",
      description =
          "JDBC URLs: shards separated by semicolons, replicas of a shard by commas"
              + " (default: ${DEFAULT-VALUE}).")
  private String clickHouseUrl;

  @Option(
      names = "--clickhouse-timeout",
      defaultValue = "${env:MILLRACE_CLICKHOUSE_TIMEOUT:-30s}",
      description = "How long an insert may stay unanswered (default: ${DEFAULT-VALUE}).")
  private Duration clickHouseTimeout;

  @Option(
      names = "--insert-quorum",
      defaultValue = "${env:MILLRACE_INSERT_QUORUM:-1}",
      description =
          "Replicas of a shard that must have a batch before it counts as inserted (default:"
              + " ${DEFAULT-VALUE}).")
  private int insertQuorum;

  @Option(
      names = "--batch-rows",
      defaultValue = "${env:MILLRACE_BATCH_ROWS:-5000}",
      description = "Rows per insert at the most (default: ${DEFAULT-VALUE}).")
  private int batchRows;

  @Option(
      names = "--out-of-orderness",
      defaultValue = "${env:MILLRACE_OUT_OF_ORDERNESS:-2s}",
      description =
          "How much later than a later event an event of its producer and partition may come"
              + " (default: ${DEFAULT-VALUE}).")
  private Duration outOfOrderness;

  @Option(
      names = "--idle-timeout",
      defaultValue = "${env:MILLRACE_IDLE_TIMEOUT:-10s}",
      description =
          "How long an event may take to the broker: a partition without active producers is that"
              + " far behind the broker's clock (default: ${DEFAULT-VALUE}).")
  private Duration idleTimeout;

  @Option(
      names = "--producer-timeout",
      defaultValue = "${env:MILLRACE_PRODUCER_TIMEOUT:-60s}",
      description =
          "After how long without its events a producer stops holding windows open; an outage may"
              + " keep it away for longer (default: ${DEFAULT-VALUE}).")
  private Duration producerTimeout;

  @Option(
      names = "--max-lag",
      defaultValue = "${env:MILLRACE_MAX_LAG:-5m}",
      description =
          "A producer whose events are always further behind the broker's clock holds no windows"
              + " open for the others (default: ${DEFAULT-VALUE}).")
  private Duration maxLag;

  @Option(
      names = "--max-drift",
      defaultValue = "${env:MILLRACE_MAX_DRIFT:-2m}",
      description =
          "How far partitions may run ahead of the slowest in a backlog"
              + " (default: ${DEFAULT-VALUE}).")
  private Duration maxDrift;

  @Option(
      names = "--max-ahead",
      defaultValue = "${env:MILLRACE_MAX_AHEAD:-5m}",
      description =
          "Events from further in the future are dead letters (default: ${DEFAULT-VALUE}).")
  private Duration maxAhead;

  @Option(
      names = "--max-age",
      defaultValue = "${env:MILLRACE_MAX_AGE:-30d}",
      description = "Events older than this are dead letters (default: ${DEFAULT-VALUE}).")
  private Duration maxAge;

  @Option(
      names = "--table-rows",
      defaultValue = "${env:MILLRACE_TABLE_ROWS:-131072}",
      description =
          "Rows a subtask pre-aggregates before it sends them on (default: ${DEFAULT-VALUE}).")
  private int tableRows;

  @Option(
      names = "--parallelism",
      defaultValue = "${env:MILLRACE_PARALLELISM:-" + Option.NULL_VALUE + "}",
      description = "Subtasks per operator (default: the cluster's).")
  private Optional<Integer> parallelism;

  @Option(
      names = "--checkpoint-interval",
      defaultValue = "${env:MILLRACE_CHECKPOINT_INTERVAL:-60s}",
      description = "Time between checkpoints (default: ${DEFAULT-VALUE}).")
  private Duration checkpointInterval;

  @Option(
      names = "--checkpoint-dir",
      defaultValue = "${env:MILLRACE_CHECKPOINT_DIR:-}",
      description = "URI of the checkpoints (default: the cluster's).")
  private String checkpointDir;

  @Option(
      names = "--state-backend",
      defaultValue = "${env:MILLRACE_STATE_BACKEND:-}",
      description = "heap or rocksdb (default: the cluster's).")
  private String stateBackend;

  private JobOptions() {}

  /**
   * Reads and checks the settings.
   *
   * @throws IllegalArgumentException if one is wrong; the message names it and says what it may be
   */
  static JobOptions parse(final String... args) {
    final JobOptions options = new JobOptions();
    try {
      new CommandLine(options)
          .registerConverter(Duration.class, new DurationConverter())
          .parseArgs(args);
    } catch (CommandLine.ParameterException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    options.check();
    return options;
  }

  private void check() {
    try {
      Domain.load(domain);
    } catch (InvalidDomainException e) {
      throw new IllegalArgumentException("--domain: " + e.getMessage(), e);
    }
    require(
        serviceUrl.matches("pulsar(\\+ssl)?://[^\\s/]+"),
        "--service-url '" + serviceUrl + "' must look like pulsar://host:6650");
    require(
        topic.isEmpty() || topic.matches("persistent://[^/\\s]+/[^/\\s]+/[^/\\s]+"),
        "--topic '" + topic + "' must look like persistent://tenant/namespace/name");
    require(
        start.equals(START_FIRST) || start.equals(START_EARLIEST),
        "--start '" + start + "' must be " + START_FIRST + " or " + START_EARLIEST);
    requirePositive("--receiver-queue", receiverQueue);
    requirePositive("--batch-rows", batchRows);
    requirePositive("--insert-quorum", insertQuorum);
    require(
        tableRows >= 1 && tableRows <= MAX_TABLE_ROWS,
        "--table-rows " + tableRows + " must be from 1 to " + MAX_TABLE_ROWS);
    requirePositive("--stall-timeout", stallTimeout);
    requirePositive("--discovery-interval", discoveryInterval);
    requirePositive("--clickhouse-timeout", clickHouseTimeout);
    requirePositive("--idle-timeout", idleTimeout);
    requirePositive("--producer-timeout", producerTimeout);
    requirePositive("--max-lag", maxLag);
    requirePositive("--max-drift", maxDrift);
    requirePositive("--max-age", maxAge);
    requirePositive("--checkpoint-interval", checkpointInterval);
    parallelism.ifPresent(
        p ->
            require(
                p >= 1 && p <= MAX_PARALLELISM,
                "--parallelism " + p + " must be from 1 to " + MAX_PARALLELISM));
    require(
        stateBackend.isEmpty() || stateBackend.equals("heap") || stateBackend.equals("rocksdb"),
        "--state-backend '" + stateBackend + "' must be heap or rocksdb");
    require(
        checkpointDir.isEmpty() || checkpointDir.matches("[a-zA-Z][a-zA-Z0-9+.-]*:.+"),
        "--checkpoint-dir '" + checkpointDir + "' must be a URI, such as s3://bucket/checkpoints");
    clickHouse();
  }

  private static void requirePositive(final String option, final long value) {
    require(value > 0, option + " " + value + " must be at least 1");
  }

  private static void requirePositive(final String option, final Duration value) {
    require(
        value.compareTo(Duration.ZERO) > 0, option + " " + value + " must be greater than zero");
  }

  private static void require(final boolean condition, final String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  String domain() {
    return domain;
  }

  String topic() {
    return topic.isEmpty() ? Domain.load(domain).topic() : topic;
  }

  PulsarConnection connection() {
    return new PulsarConnection(serviceUrl, tokenFile.isEmpty() ? null : tokenFile);
  }

  /**
   * What to read and how.
   *
   * @param stateFolders URIs of the folders of checkpoints and savepoints
   */
  PulsarEntrySource.Options source(final List<String> stateFolders) {
    return new PulsarEntrySource.Options(
        connection(),
        domain,
        topic(),
        subscription,
        receiverQueue,
        stallTimeout,
        discoveryInterval,
        eventTime(),
        new PulsarEntrySource.Start(start.equals(START_EARLIEST), stateFolders),
        new StateCheck(allowGap));
  }

  EventTimePolicy eventTime() {
    return new EventTimePolicy(
        outOfOrderness,
        idleTimeout,
        producerTimeout,
        maxLag,
        maxDrift,
        new TimeBounds(maxAhead, maxAge));
  }

  ClickHouseTarget clickHouse() {
    return ClickHouseTarget.parse(clickHouseUrl, clickHouseTimeout, batchRows, insertQuorum);
  }

  /** Length of the windows; the tables, the queries and the audit count on a minute. */
  Duration window() {
    return WINDOW;
  }

  int tableRows() {
    return tableRows;
  }

  /** The same for ever: keyed state cannot be restored with another one. */
  int maxParallelism() {
    return MAX_PARALLELISM;
  }

  Optional<Integer> parallelism() {
    return parallelism;
  }

  Duration checkpointInterval() {
    return checkpointInterval;
  }

  Optional<String> checkpointDir() {
    return Optional.of(checkpointDir).filter(dir -> !dir.isEmpty());
  }

  Optional<String> stateBackend() {
    return Optional.of(stateBackend).filter(backend -> !backend.isEmpty());
  }
}
