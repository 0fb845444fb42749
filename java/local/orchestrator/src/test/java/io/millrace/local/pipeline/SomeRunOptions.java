package io.millrace.local.pipeline;

import io.millrace.events.domain.Domain;
import java.nio.file.Path;
import java.time.Duration;

/** Options of a run as tests need them. */
public final class SomeRunOptions {

  private SomeRunOptions() {}

  /** Of 15,000 messages a second for 15 s. */
  public static RunOptions of(
      final int sources, final int producers, final Duration clockSkew, final boolean hold) {
    return new RunOptions(
        Domain.load("iot"),
        15_000,
        sources,
        0,
        producers,
        clockSkew,
        Duration.ofSeconds(15),
        4,
        2,
        JobSource.MILLRACE,
        true,
        0,
        1,
        new ClickHouseChoice.Auto(),
        Rig.PLAIN,
        Path.of("build/local/report.json"),
        false,
        hold);
  }
}
