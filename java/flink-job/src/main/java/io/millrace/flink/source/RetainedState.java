package io.millrace.flink.source;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * A checkpoint or savepoint that a job can be restored from. Immutable.
 *
 * @param path as Flink takes it
 * @param savedAt when it was complete
 */
record RetainedState(String path, Instant savedAt) {

  /** Flink keeps job, checkpoint and metadata below each other. */
  private static final int DEPTH = 3;

  private static final String METADATA = "_metadata";

  /**
   * The newest one below some folders.
   *
   * @param folders URIs; those that do not exist are left out
   * @throws IOException if a folder cannot be listed
   */
  static Optional<RetainedState> newest(final List<String> folders) throws IOException {
    Optional<RetainedState> newest = Optional.empty();
    for (String folder : folders) {
      newest = newer(newest, newestBelow(new Path(folder), DEPTH));
    }
    return newest;
  }

  private static Optional<RetainedState> newestBelow(final Path folder, final int depth)
      throws IOException {
    final FileSystem files = folder.getFileSystem();
    Optional<RetainedState> newest = Optional.empty();
    if (!files.exists(folder)) {
      return newest;
    }
    for (FileStatus status : files.listStatus(folder)) {
      if (status.isDir()) {
        newest = depth == 0 ? newest : newer(newest, newestBelow(status.getPath(), depth - 1));
      } else if (status.getPath().getName().equals(METADATA)) {
        newest =
            newer(
                newest,
                Optional.of(
                    new RetainedState(
                        folder.toString(), Instant.ofEpochMilli(status.getModificationTime()))));
      }
    }
    return newest;
  }

  private static Optional<RetainedState> newer(
      final Optional<RetainedState> one, final Optional<RetainedState> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.or(() -> other);
    }
    return one.get().savedAt().isBefore(other.get().savedAt()) ? other : one;
  }
}
