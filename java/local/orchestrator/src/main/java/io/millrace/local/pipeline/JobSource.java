package io.millrace.local.pipeline;

import io.millrace.local.UsageException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the job reads the topic with. */
public enum JobSource {
  /** The project's own source. */
  MILLRACE("java/flink-job/target/millrace-flink-job.jar"),
  /** The released Flink connector, which loses messages when it recovers within a batch. */
  CONNECTOR("java/connector-job/target/millrace-connector-job.jar");

  private final String jar;

  JobSource(final String jar) {
    this.jar = jar;
  }

  /** The job's jar in a built checkout. */
  String jar() {
    return jar;
  }

  /** As people write it: {@code connector}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The source with this label.
   *
   * @throws UsageException if there is none
   */
  public static JobSource of(final String label) {
    return Arrays.stream(values())
        .filter(source -> source.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "--source is '"
                        + label
                        + "'; choose from "
                        + Arrays.stream(values())
                            .map(JobSource::label)
                            .collect(Collectors.joining(", "))
                        + "."));
  }
}
