package io.millrace.producer;

import io.millrace.events.domain.Domain;
import io.millrace.events.domain.InvalidDomainException;
import io.millrace.options.DurationConverter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: flags and environment variables in, an exit code out. */
@Command(
    name = "producer",
    sortOptions = false,
    description = {
      "Sends the events of a domain to a Pulsar topic at a steady rate.",
      "Every option can be set by an environment variable: --batch-delay is MILLRACE_BATCH_DELAY."
    },
    footer = {
      "",
      "Example: producer --domain iot --rate 20000 --duration 90s --report producer.json",
      "",
      "Exit codes: 0 every message was confirmed, 1 not so, 2 bad usage."
    })
public final class EventDataProducer implements Callable<Integer> {

  private static final int FAILURE = 1;
  private static final int USAGE = 2;
  private static final int MAX_PORT = 65_535;
  private static final int MIN_BATCH_BYTES = 1 << 10;
  private static final int MAX_BATCH_BYTES = 4 << 20;
  private static final int MAX_BATCH_MESSAGES = 100_000;
  private static final int MAX_SPEED = 1000;

  /** Beyond, the job takes a time from the future for a wrong one. */
  private static final Duration MAX_CLOCK_OFFSET = Duration.ofMinutes(5);

  private static final int MAX_THREADS = 1_024;
  private static final int MAX_SOURCES = 100_000_000;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  private boolean help;

  @Option(
      names = "--domain",
      defaultValue = "${env:MILLRACE_DOMAIN:-iot}",
      description = "Kind of events (${DEFAULT-VALUE}).")
  private String domain;

  @Option(
      names = "--service-url",
      defaultValue = "${env:MILLRACE_SERVICE_URL:-pulsar://127.0.0.1:6650}",
      description = "Pulsar's binary protocol (${DEFAULT-VALUE}).")
  private String serviceUrl;

  @Option(
      names = "--token-file",
      defaultValue = "${env:MILLRACE_TOKEN_FILE}",
      description = "File with a JWT for the broker; read again at every connection (none).")
  private Path tokenFile;

  @Option(
      names = "--topic",
      defaultValue = "${env:MILLRACE_TOPIC}",
      description = "Topic; it must exist, with its partitions (the domain's).")
  private String topic;

  @Option(
      names = "--topic-wait",
      defaultValue = "${env:MILLRACE_TOPIC_WAIT:-1m}",
      description = "How long the topic may take to appear (${DEFAULT-VALUE}).")
  private Duration topicWait;

  @Option(
      names = "--rate",
      defaultValue = "${env:MILLRACE_RATE:-20000}",
      converter = RateConverter.class,
      description = "Messages per second of all replicas together, or max (${DEFAULT-VALUE}).")
  private TargetRate rate;

  @Option(
      names = "--duration",
      defaultValue = "${env:MILLRACE_DURATION}",
      description = "How long to send, such as 90s or 3m (for ever).")
  private Duration duration;

  @Option(
      names = "--event-time-speed",
      defaultValue = "${env:MILLRACE_EVENT_TIME_SPEED:-1}",
      description =
          "Event time begins in the past and runs so many times as fast as the clock, to make a"
              + " backlog; needs --duration (${DEFAULT-VALUE}).")
  private int eventTimeSpeed;

  @Option(
      names = "--clock-offset",
      paramLabel = "DURATION",
      defaultValue = "${env:MILLRACE_CLOCK_OFFSET:-0s}",
      converter = OffsetConverter.class,
      description =
          "How far event time is ahead of the clock, or behind it, such as -500ms, to have the"
              + " clocks of replicas apart (${DEFAULT-VALUE}).")
  private Duration clockOffset;

  @Option(
      names = "--sources",
      defaultValue = "${env:MILLRACE_SOURCES:-100000}",
      description = "Event sources of all replicas together (${DEFAULT-VALUE}).")
  private int sources;

  @Option(
      names = "--hot-source",
      paramLabel = "SHARE",
      defaultValue = "${env:MILLRACE_HOT_SOURCE:-0}",
      description =
          "Part of all messages that one source sends, such as 0.5; 0 for as many as every other"
              + " (${DEFAULT-VALUE}).")
  private double hotSource;

  @Option(
      names = "--seed",
      defaultValue = "${env:MILLRACE_SEED:-1}",
      description = "Equal seeds give equal readings (${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--ordinal",
      defaultValue = "${env:MILLRACE_ORDINAL:-0}",
      description = "Number of this replica, from 0 (${DEFAULT-VALUE}).")
  private int ordinal;

  @Option(
      names = "--replicas",
      defaultValue = "${env:MILLRACE_REPLICAS:-1}",
      description = "Producers that share the sources (${DEFAULT-VALUE}).")
  private int replicas;

  @Option(
      names = "--name",
      defaultValue = "${env:MILLRACE_NAME}",
      description =
          "Part of the producers' names, by which a successor goes on; one per pipeline (the"
              + " domain).")
  private String name;

  @Option(
      names = "--threads",
      defaultValue = "${env:MILLRACE_THREADS}",
      description = "Threads that send (half the processors).")
  private Integer threads;

  @Option(
      names = "--batch-delay",
      defaultValue = "${env:MILLRACE_BATCH_DELAY:-5ms}",
      description = "A batch leaves after this long (${DEFAULT-VALUE}),")
  private Duration batchDelay;

  @Option(
      names = "--batch-bytes",
      defaultValue = "${env:MILLRACE_BATCH_BYTES:-1048576}",
      description = "or with this many bytes before compression (${DEFAULT-VALUE}),")
  private int batchBytes;

  @Option(
      names = "--batch-messages",
      defaultValue = "${env:MILLRACE_BATCH_MESSAGES:-5000}",
      description = "or with this many messages (${DEFAULT-VALUE}).")
  private int batchMessages;

  @Option(
      names = "--http-host",
      defaultValue = "${env:MILLRACE_HTTP_HOST:-127.0.0.1}",
      description = "Address of metrics and health; 0.0.0.0 for all (${DEFAULT-VALUE}).")
  private String httpHost;

  @Option(
      names = "--http-port",
      defaultValue = "${env:MILLRACE_HTTP_PORT:-8080}",
      description = "Port of metrics and health; 0 for any free one (${DEFAULT-VALUE}).")
  private int httpPort;

  @Option(
      names = "--drain-timeout",
      defaultValue = "${env:MILLRACE_DRAIN_TIMEOUT:-25s}",
      description = "How long confirmations may take at the end (${DEFAULT-VALUE}).")
  private Duration drainTimeout;

  @Option(
      names = "--report",
      defaultValue = "${env:MILLRACE_REPORT}",
      description = "File for the outcome as JSON.")
  private Path report;

  private EventDataProducer() {}

  /** Runs the command and ends the process. */
  public static void main(final String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new EventDataProducer())
        .registerConverter(Duration.class, new DurationConverter())
        .setParameterExceptionHandler(
            (e, args) -> {
              e.getCommandLine().getErr().println(e.getMessage());
              return USAGE;
            });
  }

  @Override
  public Integer call() {
    final ProducerConfig config = config();
    final Termination termination = new Termination(drainTimeout.multipliedBy(2).plusSeconds(1));
    int exitCode = FAILURE;
    try {
      exitCode = new ProducerRun(config).run();
    } catch (StartupException e) {
      spec.commandLine().getErr().println(e.getMessage());
    } finally {
      termination.done(exitCode);
    }
    return exitCode;
  }

  ProducerConfig config() {
    final Domain events = loadDomain();
    require(
        serviceUrl.startsWith("pulsar://") || serviceUrl.startsWith("pulsar+ssl://"),
        "--service-url",
        serviceUrl,
        "a URL that begins with pulsar:// or pulsar+ssl://");
    require(
        tokenFile == null || Files.isReadable(tokenFile),
        "--token-file",
        String.valueOf(tokenFile),
        "a file that can be read");
    within("--sources", sources, 1, MAX_SOURCES);
    within("--replicas", replicas, 1, sources);
    within("--ordinal", ordinal, 0, replicas - 1);
    require(
        hotSource >= 0 && hotSource < 1,
        "--hot-source",
        Double.toString(hotSource),
        "a part from 0 to below 1");
    require(
        hotSource == 0 || sources > 1,
        "--hot-source",
        Double.toString(hotSource),
        "0, as --sources is 1");
    within("--batch-bytes", batchBytes, MIN_BATCH_BYTES, MAX_BATCH_BYTES);
    within("--batch-messages", batchMessages, 1, MAX_BATCH_MESSAGES);
    within("--http-port", httpPort, 0, MAX_PORT);
    within("--event-time-speed", eventTimeSpeed, 1, duration == null ? 1 : MAX_SPEED);
    require(
        clockOffset.abs().compareTo(MAX_CLOCK_OFFSET) <= 0,
        "--clock-offset",
        clockOffset.toSeconds() + "s",
        "a duration from -5m to 5m");
    positive("--batch-delay", batchDelay);
    positive("--drain-timeout", drainTimeout);
    if (duration != null) {
      positive("--duration", duration);
    }
    final String pipeline = name == null ? domain : name;
    require(
        pipeline.matches("[A-Za-z0-9][A-Za-z0-9._-]*"),
        "--name",
        pipeline,
        "letters, digits, '.', '_' and '-'");
    final int sending =
        threads == null ? Math.max(1, Runtime.getRuntime().availableProcessors() / 2) : threads;
    within("--threads", sending, 1, MAX_THREADS);
    final InetSocketAddress http = new InetSocketAddress(httpHost, httpPort);
    require(!http.isUnresolved(), "--http-host", httpHost, "an address of this machine");
    return new ProducerConfig(
        events,
        serviceUrl,
        Optional.ofNullable(tokenFile),
        topic == null ? events.topic() : topic,
        rate,
        new SourceAssignment(sources, ordinal, replicas, hotSource),
        seed,
        Optional.ofNullable(duration),
        clock(),
        sending,
        pipeline,
        topicWait,
        new ProducerConfig.Batching(batchDelay, batchBytes, batchMessages),
        http,
        drainTimeout,
        Optional.ofNullable(report));
  }

  private EventClock clock() {
    final EventClock right =
        duration == null
            ? EventClock.ofMachine()
            : EventClock.accelerated(eventTimeSpeed, duration);
    return right.apart(clockOffset);
  }

  private Domain loadDomain() {
    try {
      return Domain.load(domain);
    } catch (InvalidDomainException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private void within(final String option, final long value, final long least, final long most) {
    require(
        value >= least && value <= most,
        option,
        Long.toString(value),
        "a number from " + least + " to " + most);
  }

  private void positive(final String option, final Duration value) {
    require(!value.isZero(), option, "0", "a duration above 0");
  }

  private void require(
      final boolean valid, final String option, final String value, final String expected) {
    if (!valid) {
      throw new ParameterException(
          spec.commandLine(), "%s %s is not valid: give %s".formatted(option, value, expected));
    }
  }
}
