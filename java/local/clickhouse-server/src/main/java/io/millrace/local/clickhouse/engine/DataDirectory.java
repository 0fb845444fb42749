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
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/**
 * The directory that the server keeps everything in: {@code data/} for the engine, {@code etc/} for
 * the configuration made at each start, {@code lock} held by the process that uses it. The
 * operating system gives the lock back however the process ends.
 */
public final class DataDirectory implements AutoCloseable {

  /**
   * What the engine's one user may do: everything with tables of the server's own, nothing with
   * files, addresses and programs beyond it. Tables cannot choose a disk of their own making.
   */
  private static final String USERS =
      """
      <clickhouse>
        <users><default>
          <password></password>
          <networks><ip>::/0</ip></networks>
          <profile>default</profile>
          <quota>default</quota>
          <grants>
            <query>GRANT CHECK, SHOW, SELECT, INSERT, ALTER, DROP, UNDROP TABLE, TRUNCATE, OPTIMIZE, KILL QUERY,
              CREATE DATABASE, CREATE TABLE, CREATE VIEW, CREATE TEMPORARY TABLE, CREATE FUNCTION, dictGet,
              SYSTEM MERGES, SYSTEM TTL MERGES, SYSTEM FLUSH, SYSTEM DROP CACHE, INTROSPECTION, CLUSTER ON *.*</query>
            %s
          </grants>
        </default></users>
        <profiles><default>
          <constraints><merge_tree_disk><const/></merge_tree_disk></constraints>
        </default></profiles>
        <quotas><default/></quotas>
      </clickhouse>
      """;

  /** With this the configuration says which other servers there are. */
  private static final String CLUSTERS = "<remote_servers>";

  private static final String CLUSTER_GRANTS =
      """
      <query>GRANT TABLE ENGINE ON Distributed</query>
      <query>GRANT READ, WRITE ON REMOTE</query>\
      """;

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
   * @param extra ClickHouse configuration (XML) merged over ours, or null; only with {@code
   *     remote_servers} in it may the engine reach other servers
   * @return the file to give to the engine
   */
  public Path writeConfiguration(long maxMemoryBytes, Path extra) throws IOException {
    Path main = root.resolve("etc").resolve("config.xml");
    Path users = root.resolve("etc").resolve("users.xml");
    // ClickHouse merges the files of config.d beside its main file
    Path merged = root.resolve("etc").resolve("config.d").resolve("extra.xml");
    Files.createDirectories(merged.getParent());
    boolean clustered = extra != null && Files.readString(extra).contains(CLUSTERS);
    Files.writeString(
        users,
        String.format(Locale.ROOT, USERS, clustered ? CLUSTER_GRANTS : ""),
        StandardCharsets.UTF_8);
    Files.writeString(
        main,
        String.format(
            Locale.ROOT,
            """
            <clickhouse>
              <timezone>UTC</timezone>
              <max_server_memory_usage>%d</max_server_memory_usage>
              <mark_cache_size>%d</mark_cache_size>
              <users_config>%s</users_config>
            </clickhouse>
            """,
            maxMemoryBytes,
            maxMemoryBytes / 16,
            xml(users.toAbsolutePath())),
        StandardCharsets.UTF_8);
    if (extra == null) {
      Files.deleteIfExists(merged);
    } else {
      Files.copy(extra, merged, StandardCopyOption.REPLACE_EXISTING);
    }
    return main;
  }

  private static String xml(Path file) {
    return file.toString().replace("&", "&amp;").replace("<", "&lt;");
  }

  /**
   * Writes a login where its owner finds it, in the format of {@code curl --netrc-file}, for no
   * other user's eyes.
   *
   * @return the file
   */
  public Path writeLogin(String user, String password) throws IOException {
    Path file = root.resolve("netrc");
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, "machine 127.0.0.1 login " + user + " password " + password + "\n");
    return file;
  }

  @Override
  public void close() throws IOException {
    lock.acquiredBy().close();
  }
}
