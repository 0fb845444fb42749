package io.millrace.local.pipeline;

import io.millrace.local.process.ChildProcess;
import io.millrace.local.process.Supervisor;
import java.time.Duration;
import java.util.List;

/** Makes the tables of a domain, as a process of its own. */
public final class Schema {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Supervisor supervisor;
  private final Installation installation;
  private final RunDirectory run;

  public Schema(
      final Supervisor supervisor, final Installation installation, final RunDirectory run) {
    this.supervisor = supervisor;
    this.installation = installation;
    this.run = run;
  }

  /**
   * Applies the layout for a server without replicas.
   *
   * @throws io.millrace.local.RunFailedException if ClickHouse refuses it
   */
  public void apply(final ClickHouse clickHouse, final String domain) throws InterruptedException {
    final ChildProcess child =
        supervisor.start(
            installation
                .module("clickhouse")
                .process(
                    "schema",
                    JvmFlags.of(run, "256m").with("-XX:+UseSerialGC").list(),
                    "io.millrace.clickhouse.command.SchemaCommand",
                    List.of(
                        "apply",
                        "--layout",
                        "single",
                        "--domain",
                        domain,
                        "--url",
                        clickHouse.address().jdbcUrl(),
                        "--user",
                        clickHouse.credentials().user()),
                    run.root())
                .with(clickHouse.credentials().environment()));
    child.expectExit();
    supervisor.await("The schema has not been applied", PATIENCE, () -> !child.isAlive());
    if (child.exitCode() != 0) {
      throw supervisor.failure(child);
    }
  }
}
