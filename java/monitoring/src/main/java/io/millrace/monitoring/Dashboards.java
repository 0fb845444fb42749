package io.millrace.monitoring;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** All of them. */
final class Dashboards {

  private Dashboards() {}

  /**
   * @param costDocument with what each tier costs
   */
  static List<Dashboard> all(final Path costDocument) throws IOException {
    return List.of(
        PipelineDashboard.with(TierCosts.read(costDocument)),
        ProducerDashboard.create(),
        PulsarDashboard.create(),
        FlinkDashboard.create(),
        ClickHouseDashboard.create());
  }
}
