package io.millrace.local.clickhouse.engine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * The directory that the server keeps everything in: {@code data/} for the engine, {@code etc/} for
 * the configuration made at each start, {@code lock} held by the process that uses it. The
 * operating system gives the lock back however the process ends.
 */
public final class DataDirectory implements AutoCloseable {

  private final Path root;
  private final FileLock lock;

  private DataDirectory(Path root, FileLock lock) {
    this.root = root;
    this.lock = lock;
  }

  /**
   * Creates the directory when it does not exist, and locks it.
   *
   * @throws IllegalStateException when another process uses it
   * @throws IOException when it cannot be written
   */
  public static DataDirectory open(Path root) throws IOException {
    Files.createDirectories(root.resolve("data"));
    FileChannel channel =
        FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // held by this very process: the same answer as for another one
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    if (lock == null) {
      throw new IllegalStateException(
          "The directory "
              + root
              + " is used by another ClickHouse process; stop that one or choose another --path.");
    }
    return new DataDirectory(root, lock);
  }

  /** Returns where the engine keeps its data. */
  public Path data() {
    return root.resolve("data");
  }

  /**
   * Writes the engine's configuration.
   *
   * @param maxMemoryBytes bound of the memory that the engine counts
   * @param extra ClickHouse configuration (XML) merged over ours, or null
   * @return the file to give to the engine
   */
  public Path writeConfiguration(long maxMemoryBytes, Path extra) throws IOException {
    Path main = root.resolve("etc").resolve("config.xml");
    // ClickHouse merges the files of config.d beside its main file
    Path merged = root.resolve("etc").resolve("config.d").resolve("extra.xml");
    Files.createDirectories(merged.getParent());
    Files.writeString(
        main,
        String.format(
            Locale.ROOT,
            """
            <clickhouse>
              <timezone>UTC</timezone>
              <max_server_memory_usage>%d</max_server_memory_usage>
              <mark_cache_size>%d</mark_cache_size>
            </clickhouse>
            """,
            maxMemoryBytes,
            maxMemoryBytes / 16),
        StandardCharsets.UTF_8);
    if (extra == null) {
      Files.deleteIfExists(merged);
    } else {
      Files.copy(extra, merged, StandardCopyOption.REPLACE_EXISTING);
    }
    return main;
  }

  @Override
  public void close() throws IOException {
    lock.acquiredBy().close();
  }
}
