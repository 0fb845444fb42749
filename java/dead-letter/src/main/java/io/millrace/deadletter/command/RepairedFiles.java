package io.millrace.deadletter.command;

import io.millrace.deadletter.LetterId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A directory of files that are named after letters. */
final class RepairedFiles {

  static final String SUFFIX = ".bin";

  private RepairedFiles() {}

  /**
   * The files' bytes by letter.
   *
   * @throws IOException if a file cannot be read, or is not named after a letter
   */
  static Map<LetterId, byte[]> read(final Path directory) throws IOException {
    final Map<LetterId, byte[]> files = new LinkedHashMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path file : entries) {
        final String name = file.getFileName().toString();
        final Optional<LetterId> id =
            name.endsWith(SUFFIX)
                ? LetterId.parse(name.substring(0, name.length() - SUFFIX.length()))
                : Optional.empty();
        if (id.isEmpty()) {
          throw new IOException(name + " is not named like 12-34-5" + SUFFIX);
        }
        files.put(id.get(), Files.readAllBytes(file));
      }
    }
    return files;
  }
}
