package io.millrace.local.clickhouse.engine;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The embedded ClickHouse engine: one per process, one process per data directory. It runs from
 * {@link #start} until {@link #close}; the connection kept open here keeps it alive between
 * requests. Thread-safe.
 */
public final class Engine implements AutoCloseable {

  /** The ClickHouse release line whose C interface and behaviour this server was written for. */
  private static final String RELEASE = "26.7.";

  /**
   * Settings of every connection. Asynchronous inserts would answer for several clients' batches at
   * once and ignore the blocks of a batch, on which deduplication by token rests.
   */
  private static final List<String> SESSION_DEFAULTS = List.of("--async_insert=0");

  private final ChdbLibrary library;
  private final List<String> arguments;
  private final EngineConnection keeper;
  private final String version;
  private final String timezone;

  private Engine(ChdbLibrary library, List<String> arguments) throws EngineException {
    this.library = library;
    this.arguments = arguments;
    this.keeper = connect();
    this.version = keeper.execute("SELECT version()").strip();
    this.timezone = keeper.execute("SELECT timezone()").strip();
  }

  /**
   * Loads the library and starts the engine.
   *
   * @param libraryFile {@code libchdb.so}
   * @param directory where the data lies; locked by the engine against a second process
   * @param configFile ClickHouse server configuration (XML)
   * @throws EngineException when the engine does not start; its own words are on standard error
   * @throws IllegalArgumentException when the file is no usable libchdb
   */
  public static Engine start(
      Path libraryFile, Path directory, Path configFile, ProcessControl process)
      throws EngineException {
    // The engine takes its time zone from the process; DateTime columns are UTC everywhere else.
    process.setEnvironment("TZ", "UTC");
    ChdbLibrary library = load(libraryFile);
    library.chdb_set_signal_handlers_enabled(0);
    List<String> arguments = new ArrayList<>();
    arguments.add("clickhouse");
    arguments.add("--path=" + directory.toAbsolutePath());
    arguments.add("--config-file=" + configFile.toAbsolutePath());
    arguments.addAll(SESSION_DEFAULTS);
    return new Engine(library, arguments);
  }

  private static ChdbLibrary load(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "The ClickHouse engine " + file + " does not exist; install it with npm ci first.");
    }
    try {
      ChdbLibrary library = Native.load(file.toAbsolutePath().toString(), ChdbLibrary.class);
      String version = library.chdb_version();
      if (!version.startsWith(RELEASE)) {
        throw new IllegalArgumentException(
            "The ClickHouse engine %s is version %s; this server needs %sx."
                .formatted(file, version, RELEASE));
      }
      return library;
    } catch (UnsatisfiedLinkError e) {
      throw new IllegalArgumentException(
          "The file %s is not a ClickHouse engine (libchdb) for this platform: %s"
              .formatted(file, e.getMessage().lines().findFirst().orElse("")),
          e);
    }
  }

  /** Opens a connection of its own settings, database and temporary tables. Takes about 0.1 ms. */
  public EngineConnection connect() throws EngineException {
    List<Memory> strings = new ArrayList<>(arguments.size());
    try (Memory argv = new Memory((long) arguments.size() * Native.POINTER_SIZE)) {
      for (int i = 0; i < arguments.size(); i++) {
        Memory string = cString(arguments.get(i));
        strings.add(string);
        argv.setPointer((long) i * Native.POINTER_SIZE, string);
      }
      Pointer cell = library.chdb_connect(arguments.size(), argv);
      if (cell == null || cell.getPointer(0) == null) {
        throw EngineException.of(
            "Code: 1002. DB::Exception: The engine refused a connection. (UNKNOWN_EXCEPTION)");
      }
      return new EngineConnection(library, cell);
    } finally {
      strings.forEach(Memory::close);
    }
  }

  private static Memory cString(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Memory memory = new Memory(bytes.length + 1L);
    memory.write(0, bytes, 0, bytes.length);
    memory.setByte(bytes.length, (byte) 0);
    return memory;
  }

  /** Returns ClickHouse's version, such as {@code 26.7.2.1}. */
  public String version() {
    return version;
  }

  /** Returns the engine's time zone, {@code UTC} unless the configuration says otherwise. */
  public String timezone() {
    return timezone;
  }

  /**
   * Asks every running query to stop, without waiting: waiting for a query that cannot be stopped
   * would never end.
   */
  public void killQueries() throws EngineException {
    try (EngineConnection connection = connect()) {
      connection.execute("KILL QUERY WHERE 1 ASYNC");
    }
  }

  /** Stops the engine. Every other connection must be closed. */
  @Override
  public void close() {
    keeper.close();
  }
}
