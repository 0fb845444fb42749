package io.millrace.local.rest;

import java.nio.file.Path;

/** How Flink is told where files are. */
public final class FlinkPath {

  private FlinkPath() {}

  /**
   * The address of a folder or file of this machine. Flink escapes what it is given and never
   * decodes it: the {@code %20} of a URI would be part of the name of another folder.
   */
  public static String of(final Path path) {
    return "file:" + path.toAbsolutePath();
  }
}
