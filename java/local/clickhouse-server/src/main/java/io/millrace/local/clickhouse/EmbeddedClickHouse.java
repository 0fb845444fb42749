package io.millrace.local.clickhouse;

import io.millrace.local.clickhouse.engine.DataDirectory;
import io.millrace.local.clickhouse.engine.DeduplicationRepair;
import io.millrace.local.clickhouse.engine.Engine;
import io.millrace.local.clickhouse.engine.EngineConnection;
import io.millrace.local.clickhouse.engine.EngineException;
import io.millrace.local.clickhouse.engine.ProcessControl;
import io.millrace.local.clickhouse.faults.InsertFaults;
import io.millrace.local.clickhouse.http.Admission;
import io.millrace.local.clickhouse.http.ClickHouseHttpServer;
import io.millrace.local.clickhouse.http.Login;
import io.millrace.local.clickhouse.http.Sessions;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * ClickHouse in one small process: the embedded engine behind ClickHouse's HTTP interface, on
 * 127.0.0.1, for one user. The engine reaches nothing but its own data.
 */
@Command(
    name = "embedded-clickhouse",
    sortOptions = false,
    description = "Serves the embedded ClickHouse engine over HTTP on 127.0.0.1.",
    footer = {
      "",
      "User and password come from CLICKHOUSE_USER (default: default) and CLICKHOUSE_PASSWORD."
          + " Without a password a new one is made at each start and written to DIR/netrc."
    })
public final class EmbeddedClickHouse implements Callable<Integer> {

  private static final long MIN_MEMORY_BYTES = 256L << 20;

  /** Each is a client of clickhouse-connect, for a minute after its last statement. */
  private static final int MAX_SESSIONS = 200;

  /** How long a statement waits for its turn. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Option(
      names = "--path",
      required = true,
      paramLabel = "DIR",
      description = "Directory of the data; created when it does not exist.")
  private Path path;

  @Option(
      names = "--library",
      required = true,
      paramLabel = "FILE",
      description = "The engine: libchdb.so of the npm package @chdb/lib-<platform>.")
  private Path library;

  @Option(
      names = "--port",
      defaultValue = "0",
      paramLabel = "N",
      description = "Port on 127.0.0.1; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--port-file",
      paramLabel = "FILE",
      description = "File that gets the port once the server answers.")
  private Path portFile;

  @Option(
      names = "--max-memory",
      defaultValue = "2147483648",
      paramLabel = "BYTES",
      description = "Bound of the engine's memory (default: ${DEFAULT-VALUE}).")
  private long maxMemory;

  @Option(
      names = "--max-concurrent",
      defaultValue = "16",
      paramLabel = "N",
      description =
          "Statements at once; others wait up to 10 seconds and are then refused with code 202"
              + " (default: ${DEFAULT-VALUE}).")
  private int maxConcurrent;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "ClickHouse server configuration (XML) to merge, such as storage policies.")
  private Path config;

  @Option(
      names = "--parent-pid",
      paramLabel = "PID",
      description = "Process whose end ends this one.")
  private Long parentPid;

  @Option(
      names = "--faults",
      description = "Offer /faults, which makes inserts fail, hang, slow down or crash the server.")
  private boolean faultsOffered;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  private boolean helpRequested;

  @Spec private CommandSpec spec;

  private final ProcessControl process = new ProcessControl();

  public static void main(String[] args) {
    EmbeddedClickHouse command = new EmbeddedClickHouse();
    int status =
        new CommandLine(command)
            .setParameterExceptionHandler(
                (error, arguments) -> {
                  System.err.println(error.getMessage());
                  return ExitCode.USAGE;
                })
            .execute(args);
    // Not System.exit: C++ destructors crash while threads of the engine are alive.
    command.process.exitNow(status);
  }

  @Override
  public Integer call() {
    validate();
    try {
      return serve();
    } catch (BindException e) {
      return failure("The port %d is in use; choose another --port, or 0 for a free one.", port);
    } catch (FileSystemException e) {
      return failure(
          "Cannot use %s: %s.",
          e.getFile(), e.getReason() != null ? e.getReason() : e.getClass().getSimpleName());
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      return failure("%s", e.getMessage());
    } catch (EngineException e) {
      return failure("The ClickHouse engine did not start in %s: %s", path, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failure("Interrupted.");
    }
  }

  private void validate() {
    if (port < 0 || port > 65535) {
      throw usage("--port is " + port + ": use a number from 0 to 65535.");
    }
    if (maxMemory < MIN_MEMORY_BYTES) {
      throw usage("--max-memory is " + maxMemory + ": use at least " + MIN_MEMORY_BYTES + ".");
    }
    if (maxConcurrent < 1 || maxConcurrent > 1000) {
      throw usage("--max-concurrent is " + maxConcurrent + ": use a number from 1 to 1000.");
    }
    if (config != null && !Files.isRegularFile(config)) {
      throw usage("--config " + config + " does not exist.");
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private int failure(String format, Object... arguments) {
    System.err.println(String.format(Locale.ROOT, format, arguments));
    return 1;
  }

  private int serve() throws IOException, EngineException, InterruptedException {
    CountDownLatch stopAsked = new CountDownLatch(1);
    if (parentPid != null && !watchParent(stopAsked)) {
      return failure("The process %d of --parent-pid does not exist.", parentPid);
    }
    ClickHouseHttpServer http = ClickHouseHttpServer.bind(port);
    DataDirectory directory = DataDirectory.open(path);
    Engine engine =
        Engine.start(
            library, directory.data(), directory.writeConfiguration(maxMemory, config), process);
    try (EngineConnection connection = engine.connect()) {
      new DeduplicationRepair(connection).run().forEach(System.out::println);
    }
    String user = System.getenv().getOrDefault("CLICKHOUSE_USER", "default");
    String password = System.getenv().getOrDefault("CLICKHOUSE_PASSWORD", "");
    Login login = password.isEmpty() ? Login.generated(user) : new Login(user, password);
    String where = "as in CLICKHOUSE_PASSWORD";
    if (password.isEmpty()) {
      where = "in " + directory.writeLogin(login.user(), login.password());
    }
    Sessions sessions = new Sessions(engine, MAX_SESSIONS, PATIENCE);
    Admission admission = new Admission(maxConcurrent, PATIENCE);
    InsertFaults faults = new InsertFaults(process::killSelf);
    http.start(engine, sessions, login, admission, faults, faultsOffered);
    Shutdown shutdown = new Shutdown(http, engine, sessions, admission, faults);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> process.exitNow(shutdown.run() ? 0 : 1), "shutdown-on-signal"));
    if (portFile != null) {
      writePortFile(http.port());
    }
    System.out.printf(
        Locale.ROOT,
        "ClickHouse %s ready at http://127.0.0.1:%d, data in %s, user %s, password %s%n",
        engine.version(),
        http.port(),
        path,
        login.user(),
        where);
    stopAsked.await();
    return shutdown.run() ? 0 : 1;
  }

  private boolean watchParent(CountDownLatch ended) {
    Optional<ProcessHandle> parent = ProcessHandle.of(parentPid);
    parent.ifPresent(handle -> handle.onExit().thenRun(ended::countDown));
    return parent.isPresent();
  }

  private void writePortFile(int actualPort) throws IOException {
    Path target = portFile.toAbsolutePath();
    Files.createDirectories(target.getParent());
    Path written = target.resolveSibling(target.getFileName() + ".tmp");
    Files.writeString(written, actualPort + "\n");
    Files.move(
        written, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
