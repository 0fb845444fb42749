package io.millrace.local.pipeline;

import io.millrace.local.RunFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The directory of one run, {@code build/local/<time>}: {@code data} of its servers, {@code logs}
 * of its processes, {@code tmp}. Holding it also holds the lock that keeps a second run out, which
 * the system releases when this process dies.
 */
public final class RunDirectory implements AutoCloseable {

  private static final String LOCK_FILE = "lock";
  private static final String KEEP_MARK = "keep";
  private static final String RUN_NAME = "\\d{8}-\\d{6}";
  private static final int FAILED_RUNS_KEPT = 5;

  private final Path root;
  private final FileChannel lock;

  /** What stays of a run. */
  public enum Rest {
    NOTHING,
    LOGS,
    EVERYTHING
  }

  private RunDirectory(final Path root, final FileChannel lock) {
    this.root = root;
    this.lock = lock;
  }

  /**
   * Takes the lock, removes what runs that were killed left, and makes a new directory.
   *
   * @throws RunFailedException if another run holds the lock or nothing can be written
   */
  static RunDirectory create(final Path runs) {
    try {
      Files.createDirectories(runs);
      final FileChannel lock = lock(runs.resolve(LOCK_FILE));
      removeOldRuns(runs);
      final String name =
          LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT));
      final RunDirectory run = new RunDirectory(runs.resolve(name), lock);
      // passwords, events and addresses are the owner's business
      Files.createDirectories(
          run.root(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      for (Path part : List.of(run.data(), run.logs(), run.temporary())) {
        Files.createDirectories(part);
      }
      return run;
    } catch (IOException e) {
      throw new RunFailedException(
          "Cannot write to " + runs + " (" + e + "); Millrace keeps everything it writes there.",
          e);
    }
  }

  public Path root() {
    return root;
  }

  /** What the servers store. */
  public Path data() {
    return root.resolve("data");
  }

  /** One file a process. */
  public Path logs() {
    return root.resolve("logs");
  }

  /** Temporary files of the processes. */
  public Path temporary() {
    return root.resolve("tmp");
  }

  /** User and password of the run's own ClickHouse: the same file in every run, while it runs. */
  public Path clickHouseLogin() {
    return root.resolveSibling("clickhouse.netrc");
  }

  /** Removes what servers have stored that are no more. */
  public void clearData() throws IOException {
    delete(data());
    Files.createDirectories(data());
  }

  /**
   * Removes what is not to stay.
   *
   * @throws UncheckedIOException if something cannot be removed
   */
  void leave(final Rest rest) {
    try {
      Files.deleteIfExists(clickHouseLogin());
      switch (rest) {
        case NOTHING -> delete(root);
        case LOGS -> {
          if (isEmpty(logs())) {
            delete(root);
            return;
          }
          delete(data());
          delete(temporary());
        }
        case EVERYTHING -> Files.createFile(root.resolve(KEEP_MARK));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives the lock back. */
  @Override
  public void close() throws IOException {
    lock.close();
  }

  private static FileChannel lock(final Path file) throws IOException {
    final FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (!isLocked(channel)) {
      channel.close();
      throw new RunFailedException(
          "Another run (process "
              + Files.readString(file).strip()
              + ") is at work in "
              + file.getParent()
              + "; wait for its end or stop it.");
    }
    channel.truncate(0);
    channel.write(
        ByteBuffer.wrap(
            Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
    return channel;
  }

  private static boolean isLocked(final FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // held by this very process
      return false;
    }
  }

  private static void removeOldRuns(final Path runs) throws IOException {
    final List<Path> old;
    try (Stream<Path> entries = Files.list(runs)) {
      old =
          entries
              .filter(run -> run.getFileName().toString().matches(RUN_NAME))
              .filter(run -> !Files.exists(run.resolve(KEEP_MARK)))
              .sorted(Comparator.reverseOrder())
              .toList();
    }
    for (int i = 0; i < old.size(); i++) {
      if (i < FAILED_RUNS_KEPT) {
        delete(old.get(i).resolve("data"));
        delete(old.get(i).resolve("tmp"));
      } else {
        delete(old.get(i));
      }
    }
  }

  private static boolean isEmpty(final Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    }
  }

  private static void delete(final Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(final Path file, final IOException reason)
              throws IOException {
            if (reason instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw reason;
          }

          @Override
          public FileVisitResult postVisitDirectory(final Path directory, final IOException reason)
              throws IOException {
            if (reason != null) {
              throw reason;
            }
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
