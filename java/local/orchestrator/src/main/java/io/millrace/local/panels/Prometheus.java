package io.millrace.local.panels;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.millrace.local.pipeline.Credentials;
import io.millrace.local.process.ProcessSpec;
import io.millrace.local.rest.JsonHttp;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Prometheus on 127.0.0.1 that scrapes what it is told. */
final class Prometheus {

  private static final String INTERVAL = "10s";

  private final ObjectMapper json = new ObjectMapper();
  private final JsonHttp http = new JsonHttp();
  private final String url;

  Prometheus(final int port) {
    this.url = "http://127.0.0.1:" + port;
  }

  /**
   * What to scrape.
   *
   * @param job name of it, and of the pod in the labels
   * @param namespace that it would have in a cluster
   * @param login asked for by the target; empty if it asks for none
   */
  record Target(String job, String namespace, String url, Optional<Credentials> login) {

    Target(final String job, final String namespace, final String url) {
      this(job, namespace, url, Optional.empty());
    }
  }

  /**
   * Writes the configuration and says how to start it.
   *
   * @param program the executable
   * @param podMonitors whose relabeling the scrapes take over
   * @param groups of rules
   * @param folder for everything it writes
   */
  ProcessSpec process(
      final String program,
      final List<Target> targets,
      final Path podMonitors,
      final JsonNode groups,
      final Path folder)
      throws IOException {
    Files.createDirectories(folder);
    final Path configuration = folder.resolve("prometheus.json");
    final Path rules = folder.resolve("rules.json");
    json.writeValue(rules.toFile(), json.createObjectNode().set("groups", groups));
    json.writeValue(configuration.toFile(), configuration(targets, relabeling(podMonitors), rules));
    return new ProcessSpec(
            "prometheus",
            List.of(
                program,
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=" + URI.create(url).getAuthority()),
            Map.of(),
            folder)
        .endingWithParent();
  }

  private ObjectNode configuration(
      final List<Target> targets, final ArrayNode relabeling, final Path rules) {
    final ObjectNode root = json.createObjectNode();
    root.putObject("global").put("scrape_interval", INTERVAL).put("evaluation_interval", INTERVAL);
    // relative to this file: an absolute path would be a pattern, in which [ has a meaning
    root.putArray("rule_files").add(rules.getFileName().toString());
    final ArrayNode jobs = root.putArray("scrape_configs");
    for (Target target : targets) {
      final URI address = URI.create(target.url());
      final ObjectNode job = jobs.addObject();
      job.put("job_name", target.job()).put("metrics_path", address.getPath());
      job.set("metric_relabel_configs", relabeling);
      if (target.login().isPresent()) {
        job.putObject("basic_auth")
            .put("username", target.login().get().user())
            .put("password", target.login().get().password());
      }
      final ObjectNode labelled = job.putArray("static_configs").addObject();
      labelled.putArray("targets").add(address.getAuthority());
      labelled
          .putObject("labels")
          .put("namespace", target.namespace())
          .put("pod", target.job())
          .put("tier", "dev");
    }
    return root;
  }

  /** The operator's way of writing it, in Prometheus's own. */
  private ArrayNode relabeling(final Path podMonitors) throws IOException {
    final ArrayNode relabeling = json.createArrayNode();
    final YAMLFactory yaml = new YAMLFactory();
    try (var parser = yaml.createParser(podMonitors.toFile())) {
      final var documents = new ObjectMapper(yaml).readValues(parser, JsonNode.class);
      while (documents.hasNext()) {
        for (JsonNode endpoint : documents.next().path("spec").path("podMetricsEndpoints")) {
          for (JsonNode rule : endpoint.path("metricRelabelings")) {
            final ObjectNode own = relabeling.addObject();
            own.set("source_labels", rule.path("sourceLabels"));
            own.set("regex", rule.path("regex"));
            own.set("target_label", rule.path("targetLabel"));
          }
        }
      }
    }
    return relabeling;
  }

  /** Whether it answers queries. */
  boolean isReady() throws IOException, InterruptedException {
    return http.get(url + "/api/v1/status/buildinfo").path("status").asText().equals("success");
  }

  /** Targets that could not be scraped, with the reason of each. */
  List<String> unreached() throws IOException, InterruptedException {
    final List<String> unreached = new ArrayList<>();
    for (JsonNode target : http.get(url + "/api/v1/targets").path("data").path("activeTargets")) {
      if (!target.path("health").asText().equals("up")) {
        unreached.add(
            target.path("scrapePool").asText() + ": " + target.path("lastError").asText("no try"));
      }
    }
    return unreached;
  }

  /**
   * How many series with a number an expression has now.
   *
   * @throws IOException if Prometheus refuses the expression
   */
  int series(final String expression) throws IOException, InterruptedException {
    final JsonNode data =
        http.get(
                url
                    + "/api/v1/query?query="
                    + URLEncoder.encode(expression, StandardCharsets.UTF_8))
            .path("data");
    int numbers = 0;
    for (JsonNode series : data.path("result")) {
      if (!Double.isNaN(number(series.path("value").path(1).asText("NaN")))) {
        numbers++;
      }
    }
    return numbers;
  }

  /** Prometheus writes infinities as Go does. */
  private static double number(final String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }
}
