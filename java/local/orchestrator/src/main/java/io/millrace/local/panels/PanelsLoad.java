package io.millrace.local.panels;

import io.millrace.local.RunFailedException;
import io.millrace.local.pipeline.Load;
import io.millrace.local.pipeline.Pipeline;
import io.millrace.local.pipeline.Producer;
import io.millrace.local.pipeline.Stage;
import io.millrace.local.process.Ports;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A load during which a Prometheus scrapes the pipeline; as soon as there are rows and enough
 * samples, everything is asked. Not thread-safe.
 */
public final class PanelsLoad implements Load {

  private static final int PROMETHEUS_PORT = 9090;
  private static final Duration START_PATIENCE = Duration.ofMinutes(1);

  /** Rates look back a minute. */
  private static final Duration SCRAPED_AT_LEAST = Duration.ofSeconds(90);

  /** On a busy machine a scrape may come late; after this long, what is missing does not come. */
  private static final Duration DATA_PATIENCE = Duration.ofMinutes(2);

  /** A window, its checkpoint and a slow machine. */
  private static final Duration ROWS_PATIENCE = Duration.ofMinutes(4);

  private final String program;
  private final List<DashboardFile> dashboards;
  private final AlertFile alerts;
  private final ExpectedEmpty expectedEmpty;
  private final Path podMonitors;
  private final Answers answers = new Answers();

  /**
   * @param program the Prometheus executable
   * @param home root of the checkout
   * @throws IOException if dashboards or rules cannot be read
   */
  public PanelsLoad(final String program, final Path home) throws IOException {
    this.program = program;
    this.dashboards = DashboardFile.readAll(home.resolve("dashboards"));
    this.alerts = AlertFile.read(home.resolve("base/monitoring/rules.yaml"));
    this.expectedEmpty = ExpectedEmpty.read(home.resolve("dashboards/expected-empty.yaml"));
    this.podMonitors = home.resolve("base/monitoring/pod-monitors.yaml");
  }

  @Override
  public Producer.Result carryOut(final Stage stage) throws InterruptedException {
    final Instant start = Instant.now();
    stage.pipeline().producers().start();
    try {
      final Prometheus prometheus = start(stage);
      stage.say("producing; Prometheus scrapes");
      stage.watch(SCRAPED_AT_LEAST);
      stage.await("ClickHouse has no row", ROWS_PATIENCE, now -> now.rows() > 0);
      stage.say("asking every panel and alert");
      final Instant patienceEnd = Instant.now().plus(DATA_PATIENCE);
      while (!prometheus.unreached().isEmpty() && Instant.now().isBefore(patienceEnd)) {
        stage.look();
      }
      prometheus.unreached().forEach(target -> answers.fault("scrape", target));
      ask(prometheus, stage, patienceEnd);
    } catch (IOException e) {
      throw new RunFailedException("Prometheus does not answer: " + e.getMessage(), e);
    }
    stage.pipeline().producers().stop();
    return stage.pipeline().producers().result().over(Duration.between(start, Instant.now()));
  }

  private Prometheus start(final Stage stage) throws IOException, InterruptedException {
    final Pipeline pipeline = stage.pipeline();
    final int port = new Ports().next(PROMETHEUS_PORT);
    final Prometheus prometheus = new Prometheus(port);
    final List<Prometheus.Target> targets =
        new ArrayList<>(
            List.of(
                new Prometheus.Target(
                    "broker-0", "pulsar", pipeline.broker().adminUrl() + "/metrics/"),
                new Prometheus.Target(
                    "clickhouse-0",
                    "clickhouse",
                    pipeline.clickHouse().address().httpUrl() + "metrics",
                    Optional.of(pipeline.clickHouse().credentials())),
                new Prometheus.Target(
                    "jobmanager", "flink-benchmark", pipeline.flink().jobManagerMetricsUrl()),
                new Prometheus.Target(
                    "taskmanager", "flink-benchmark", pipeline.flink().taskManagerMetricsUrl())));
    for (Producer producer : pipeline.producers().all()) {
      targets.add(
          new Prometheus.Target(
              "producer-" + producer.ordinal(), "iot-pipeline", producer.url() + "/metrics"));
    }
    stage.start(
        prometheus.process(
            program, targets, podMonitors, alerts.groups(), stage.data().resolve("prometheus")));
    stage.awaitReady("Prometheus is not ready", START_PATIENCE, prometheus::isReady);
    return prometheus;
  }

  private void ask(final Prometheus prometheus, final Stage stage, final Instant patienceEnd)
      throws InterruptedException {
    for (DashboardFile dashboard : dashboards) {
      final Optional<Map<String, List<String>>> values = variables(dashboard, stage);
      for (Question question : dashboard.questions()) {
        if (question.language() == Question.Language.PROMQL) {
          ask(prometheus, question, stage, patienceEnd);
        } else {
          values.ifPresent(v -> forEveryValue(question, v).forEach(q -> ask(stage, q)));
        }
      }
    }
    for (Question question : alerts.questions()) {
      ask(prometheus, question, stage, patienceEnd);
    }
    for (Question question : alerts.expressions()) {
      answers.asked(question.language());
      try {
        prometheus.series(question.text());
      } catch (IOException e) {
        answers.fault(question.where(), e.getMessage());
      }
    }
    expectedEmpty
        .unused(
            Stream.concat(
                    dashboards.stream().flatMap(dashboard -> dashboard.questions().stream()),
                    alerts.questions().stream())
                .map(Question::text)
                .toList())
        .forEach(metric -> answers.fault("expected-empty.yaml", metric + " is asked for nowhere"));
  }

  private void ask(
      final Prometheus prometheus,
      final Question question,
      final Stage stage,
      final Instant patienceEnd)
      throws InterruptedException {
    answers.asked(question.language());
    final String expression = Macros.promQl(question.text());
    final Optional<String> reason = expectedEmpty.reason(question.text());
    try {
      int series = prometheus.series(expression);
      while (series == 0 && reason.isEmpty() && Instant.now().isBefore(patienceEnd)) {
        stage.look();
        series = prometheus.series(expression);
      }
      if (series > 0 && reason.isPresent()) {
        answers.fault(question.where(), "has data and is listed in expected-empty.yaml");
      } else if (reason.isPresent()) {
        answers.expectedEmpty(question, reason.get());
      } else if (series == 0) {
        answers.fault(question.where(), "no data: " + question.text());
      }
    } catch (IOException e) {
      answers.fault(question.where(), e.getMessage());
    }
  }

  private void ask(final Stage stage, final Question question) {
    if (rows(stage, question).filter(List::isEmpty).isPresent()) {
      answers.fault(question.where(), "no row: " + question.text());
    }
  }

  /** The rows of an answer; empty if there was none. */
  private Optional<List<String>> rows(final Stage stage, final Question question) {
    answers.asked(question.language());
    try {
      final String rows =
          stage.pipeline().clickHouse().rest().query(Macros.sql(question.text(), Instant.now()));
      return Optional.of(rows.lines().filter(row -> !row.isEmpty()).toList());
    } catch (IOException e) {
      answers.fault(question.where(), e.getMessage());
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunFailedException("interrupted", e);
    }
  }

  /** What ClickHouse offers for the variables: of all but the last level, the first value. */
  private Optional<Map<String, List<String>>> variables(
      final DashboardFile dashboard, final Stage stage) {
    final Map<String, List<String>> values = new LinkedHashMap<>();
    for (Map.Entry<String, String> variable : dashboard.variables().entrySet()) {
      final String where = dashboard.title() + " / variable " + variable.getKey();
      final Optional<List<String>> found =
          rows(
              stage,
              new Question(
                  where,
                  Question.Language.SQL,
                  Macros.withVariables(variable.getValue(), first(values))));
      if (found.isEmpty() || found.get().isEmpty()) {
        answers.fault(where, "no value, so its panels were not asked");
        return Optional.empty();
      }
      values.put(variable.getKey(), found.get());
    }
    return Optional.of(values);
  }

  private static Map<String, String> first(final Map<String, List<String>> values) {
    final Map<String, String> first = new LinkedHashMap<>();
    values.forEach((name, all) -> first.put(name, all.get(0)));
    return first;
  }

  /** A panel that is repeated for a variable asks once for each of its values. */
  private static List<Question> forEveryValue(
      final Question question, final Map<String, List<String>> values) {
    Stream<Map<String, String>> bindings = Stream.of(Map.of());
    for (Map.Entry<String, List<String>> variable : values.entrySet()) {
      if (Macros.names(question.text(), variable.getKey())) {
        bindings =
            bindings.flatMap(
                binding ->
                    variable.getValue().stream()
                        .map(
                            value -> {
                              final Map<String, String> more = new LinkedHashMap<>(binding);
                              more.put(variable.getKey(), value);
                              return more;
                            }));
      }
    }
    return bindings
        .map(
            binding ->
                new Question(
                    question.where() + (binding.isEmpty() ? "" : " " + binding.values()),
                    question.language(),
                    Macros.withVariables(question.text(), binding)))
        .toList();
  }

  /** Whether every question was answered as it should be. */
  public boolean isGood() {
    return answers.isGood();
  }

  /** Prints how many questions were asked and what was wrong. */
  public void print(final PrintWriter out) {
    answers.print(
        dashboards.size(),
        dashboards.stream().mapToInt(DashboardFile::panels).sum(),
        alerts.expressions().size(),
        out);
  }
}
