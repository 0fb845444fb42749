package io.millrace.local.pipeline;

import io.millrace.local.RunFailedException;
import io.millrace.local.process.Ports;
import io.millrace.local.process.ProcessSpec;
import io.millrace.local.process.RestartableProcess;
import io.millrace.local.process.Supervisor;
import io.millrace.local.rest.ClickHouseRest;
import io.millrace.local.rest.JsonHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The ClickHouse of a run. One that the run started has the same data and port when it is started
 * again.
 */
public final class ClickHouse {

  private static final int HTTP_PORT = 8123;
  private static final int RELAY_PORT = 8323;
  private static final long MAX_MEMORY_BYTES = 1L << 30;
  private static final Duration START_PATIENCE = Duration.ofMinutes(5);

  private static final String ROOM = "<clickhouse/>\n";

  /** ClickHouse reserves the room for an insert first; no disk of ours leaves a petabyte free. */
  private static final String NO_ROOM =
      """
      <clickhouse><storage_configuration><disks><default>
        <keep_free_space_bytes>1125899906842624</keep_free_space_bytes>
      </default></disks></storage_configuration></clickhouse>
      """;

  private static final Duration SERVER_PATIENCE = Duration.ofSeconds(5);

  private final Supervisor supervisor;
  private final Optional<RestartableProcess> process;
  private final ClickHouseAddress address;
  private final Credentials credentials;
  private final ClickHouseRest rest;
  private final String description;
  private final Path configuration;
  private final Optional<Relay> network;
  private final ClickHouseAddress jobAddress;

  private ClickHouse(
      final Supervisor supervisor,
      final Optional<RestartableProcess> process,
      final ClickHouseAddress address,
      final Credentials credentials,
      final JsonHttp http,
      final String description,
      final Path configuration,
      final OptionalInt relayPort) {
    this.supervisor = supervisor;
    this.process = process;
    this.address = address;
    this.credentials = credentials;
    this.rest = new ClickHouseRest(http, address, credentials);
    this.description = description;
    this.configuration = configuration;
    this.network =
        relayPort.isPresent()
            ? Optional.of(new Relay(relayPort.getAsInt(), address.port()))
            : Optional.empty();
    this.jobAddress =
        relayPort.isPresent() ? ClickHouseAddress.local(relayPort.getAsInt()) : address;
  }

  /**
   * Decides which ClickHouse to use; starts nothing.
   *
   * @throws RunFailedException if the embedded engine is wanted and not installed
   */
  public static ClickHouse of(
      final Supervisor supervisor,
      final Installation installation,
      final RunDirectory run,
      final Ports ports,
      final JsonHttp http,
      final RunOptions options) {
    if (options.clickHouse() instanceof ClickHouseChoice.Server server) {
      return new ClickHouse(
          supervisor,
          Optional.empty(),
          server.address(),
          Credentials.from(System.getenv()),
          http,
          "server",
          faultyConfiguration(run),
          OptionalInt.empty());
    }
    final int port = ports.next(HTTP_PORT);
    final Optional<ClickHouseProgram> program =
        options.clickHouse() instanceof ClickHouseChoice.Auto
            ? ClickHouseProgram.onPath(System.getenv("PATH"))
            : Optional.empty();
    final Credentials credentials = Credentials.generated();
    credentials.writeNetrc(run.clickHouseLogin());
    final ProcessSpec spec =
        program.isPresent()
            ? program.get().server(run, port, MAX_MEMORY_BYTES, credentials)
            : embedded(installation, run, port, credentials, options);
    return new ClickHouse(
        supervisor,
        Optional.of(new RestartableProcess(supervisor, spec)),
        ClickHouseAddress.local(port),
        credentials,
        http,
        program.map(p -> p.file().toString()).orElse("embedded"),
        faultyConfiguration(run),
        options.rig().relayed() ? OptionalInt.of(ports.next(RELAY_PORT)) : OptionalInt.empty());
  }

  private static ProcessSpec embedded(
      final Installation installation,
      final RunDirectory run,
      final int port,
      final Credentials credentials,
      final RunOptions options) {
    final Path data = run.data().resolve("clickhouse");
    final List<String> arguments =
        new ArrayList<>(
            List.of(
                "--path", data.toString(),
                "--library", installation.clickHouseEngine().toString(),
                "--port", Integer.toString(port),
                "--max-memory", Long.toString(MAX_MEMORY_BYTES)));
    if (options.clickHouse() instanceof ClickHouseChoice.Embedded embedded && embedded.faults()) {
      write(faultyConfiguration(run), ROOM);
      arguments.addAll(List.of("--faults", "--config", faultyConfiguration(run).toString()));
    }
    return installation
        .module("local/clickhouse-server")
        .process(
            "clickhouse",
            JvmFlags.of(run, "256m")
                .with(
                    "-XX:+UseSerialGC",
                    // else every reply with a body waits for a delayed acknowledgement
                    "-Dsun.net.httpserver.nodelay=true")
                .list(),
            "io.millrace.local.clickhouse.EmbeddedClickHouse",
            arguments,
            run.root())
        .with(credentials.environment())
        // a checkpoint's inserts must not hold up the messages behind them on the same cores
        .givingWay(options.messagePathFirst());
  }

  private static Path faultyConfiguration(final RunDirectory run) {
    return run.data().resolve("clickhouse-faults.xml");
  }

  private static void write(final Path file, final String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new RunFailedException("ClickHouse's settings cannot be written: " + e + ".", e);
    }
  }

  /** From its next start on it takes its disk for full; only for one that can have faults. */
  public void fillDisk() {
    write(configuration, NO_ROOM);
  }

  /** From its next start on its disk has the room that it has. */
  public void freeDisk() {
    write(configuration, ROOM);
  }

  /** Starts it, if it is the run's. */
  public void start() {
    process.ifPresent(RestartableProcess::start);
  }

  /**
   * Waits until it answers.
   *
   * @throws RunFailedException if it does not, or refuses the user
   */
  public void awaitReady() throws InterruptedException {
    if (process.isPresent()) {
      supervisor.await("ClickHouse is not ready", START_PATIENCE, () -> !version().isEmpty());
    } else {
      supervisor.await(
          "The ClickHouse at " + address.httpUrl() + " does not answer",
          SERVER_PATIENCE,
          () -> !version().isEmpty());
    }
  }

  public String version() throws IOException, InterruptedException {
    return rest.query("SELECT version()");
  }

  /** The process, if the run started it. */
  public Optional<RestartableProcess> process() {
    return process;
  }

  public ClickHouseAddress address() {
    return address;
  }

  /** Where the job reaches it. */
  ClickHouseAddress jobAddress() {
    return jobAddress;
  }

  /**
   * The network between the job and ClickHouse.
   *
   * @throws java.util.NoSuchElementException if the run is not {@link Rig#relayed() relayed}, or
   *     ClickHouse is not the run's
   */
  public Relay jobNetwork() {
    return network.orElseThrow();
  }

  public Credentials credentials() {
    return credentials;
  }

  public ClickHouseRest rest() {
    return rest;
  }

  /** {@code embedded}, {@code server}, or the program's file. */
  public String description() {
    return description;
  }
}
