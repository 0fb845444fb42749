package io.millrace.local.pipeline;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The reports of all producer processes of a run, one each, in the order in which they were
 * started. Thread-safe.
 */
final class ProducerReports {

  private final RunDirectory run;
  private final List<Path> files = new CopyOnWriteArrayList<>();

  ProducerReports(final RunDirectory run) {
    this.run = run;
  }

  /**
   * The file that the next process is to write.
   *
   * @param label of the producer
   */
  synchronized Path next(final String label) {
    final Path file = run.root().resolve(label + "-" + files.size() + ".json");
    files.add(file);
    return file;
  }

  /** The files that are there: a process that was killed before it sent anything has left none. */
  List<Path> written() {
    return files.stream().filter(Files::exists).toList();
  }
}
