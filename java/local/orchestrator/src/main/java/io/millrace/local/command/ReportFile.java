package io.millrace.local.command;

import io.millrace.local.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file of a {@code --report} flag. */
public final class ReportFile {

  private ReportFile() {}

  /**
   * The same file. Minutes of work must not end with a report that cannot be written.
   *
   * @throws UsageException if it cannot be written
   */
  public static Path writable(final Path report) {
    final Path folder = report.toAbsolutePath().getParent();
    if (Files.isDirectory(report) || !Files.isWritable(folder)) {
      throw new UsageException(
          "--report is '"
              + report
              + "', which cannot be written; name a file in a folder that"
              + " exists.");
    }
    return report;
  }
}
