package io.millrace.local.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.local.loopback.RunKey;
import io.millrace.metrics.JobMetric;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What a run asks the REST API of a Flink JobManager. Thread-safe. */
public final class FlinkRest {

  private static final String BOUNDARY = "millrace-part-boundary";

  private static final String READ_COUNTER = "." + JobMetric.MESSAGES_RECEIVED.registeredName();

  private final JsonHttp http;
  private final String url;
  private final String key;

  /**
   * @param url of the JobManager, without a slash at its end
   * @param key of the run, without which the JobManager changes nothing
   */
  public FlinkRest(final JsonHttp http, final String url, final String key) {
    this.http = http;
    this.url = url;
    this.key = key;
  }

  private HttpRequest.Builder change(final String path) {
    return JsonHttp.request(url + path).timeout(JsonHttp.WORK).header(RunKey.HEADER, key);
  }

  private JsonNode post(final String path, final ObjectNode body)
      throws IOException, InterruptedException {
    return http.json()
        .readTree(
            http.send(
                change(path)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(body.toString()))
                    .build()));
  }

  /**
   * The cluster's state.
   *
   * @param version of Flink
   * @param taskManagers registered
   * @param slots in all registered TaskManagers
   */
  public record Overview(String version, int taskManagers, int slots) {}

  /**
   * A job's checkpoints.
   *
   * @param completed since the job was submitted
   * @param failed ids of the failed ones among the last ten that began; one that Flink does not
   *     begin, because not every task runs yet, has no id, although Flink counts it as failed
   * @param lastMillis from trigger to completion of the last completed one; 0 if there is none
   */
  public record Checkpoints(long completed, Set<Long> failed, long lastMillis) {}

  /** A savepoint that was asked for. */
  public sealed interface Savepoint {

    record InProgress() implements Savepoint {}

    record Completed(String location) implements Savepoint {}

    record Failed(String cause) implements Savepoint {}
  }

  public Overview overview() throws IOException, InterruptedException {
    final JsonNode node = http.get(url + "/overview");
    return new Overview(
        node.path("flink-version").asText(),
        node.path("taskmanagers").asInt(),
        node.path("slots-total").asInt());
  }

  /** Uploads a job's jar and returns the name under which it can be run. */
  public String upload(final Path jar) throws IOException, InterruptedException {
    final BodyPublisher body =
        BodyPublishers.concat(
            BodyPublishers.ofString(
                "--"
                    + BOUNDARY
                    + "\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\""
                    + jar.getFileName()
                    + "\"\r\nContent-Type: application/x-java-archive\r\n\r\n"),
            BodyPublishers.ofFile(jar),
            BodyPublishers.ofString("\r\n--" + BOUNDARY + "--\r\n"));
    final HttpRequest request =
        change("/jars/upload")
            .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
            .POST(body)
            .build();
    final String path = http.json().readTree(http.send(request)).path("filename").asText();
    return Path.of(path).getFileName().toString();
  }

  /**
   * Runs an uploaded jar's main class.
   *
   * @param restoreFrom checkpoint or savepoint to start from
   * @return the job's id
   */
  public String run(
      final String jarId,
      final List<String> arguments,
      final int parallelism,
      final Optional<String> restoreFrom)
      throws IOException, InterruptedException {
    final ObjectNode body = http.json().createObjectNode();
    arguments.forEach(body.putArray("programArgsList")::add);
    body.put("parallelism", parallelism);
    restoreFrom.ifPresent(path -> body.put("savepointPath", path));
    return post("/jars/" + jarId + "/run", body).path("jobid").asText();
  }

  /** The job's state, such as {@code RUNNING}. */
  public String jobState(final String jobId) throws IOException, InterruptedException {
    return http.get(url + "/jobs/" + jobId).path("state").asText();
  }

  /** Whether the job has tasks and every one of them runs. */
  public boolean allTasksRun(final String jobId) throws IOException, InterruptedException {
    int tasks = 0;
    int running = 0;
    for (JsonNode vertex : http.get(url + "/jobs/" + jobId).path("vertices")) {
      tasks += vertex.path("parallelism").asInt();
      running += vertex.path("tasks").path("RUNNING").asInt();
    }
    return tasks > 0 && running == tasks;
  }

  /**
   * Messages the job's source has taken in since its tasks started. As old as Flink's own copy of
   * the counters (metrics.fetcher.update-interval).
   */
  public long messagesRead(final String jobId) throws IOException, InterruptedException {
    return counter(jobId, READ_COUNTER);
  }

  /**
   * A counter over all subtasks since they started, as old as {@link #messagesRead}; 0 before it is
   * known.
   *
   * @param name end of the counter's name, such as {@code aggregate.numRecordsIn}
   */
  public long counter(final String jobId, final String name)
      throws IOException, InterruptedException {
    long sum = 0;
    for (JsonNode vertex : http.get(url + "/jobs/" + jobId).path("vertices")) {
      final String metrics =
          url + "/jobs/" + jobId + "/vertices/" + vertex.path("id").asText() + "/subtasks/metrics";
      for (JsonNode metric : http.get(metrics)) {
        final String id = metric.path("id").asText();
        if (id.endsWith(name)) {
          final String total =
              metrics + "?agg=sum&get=" + URLEncoder.encode(id, StandardCharsets.UTF_8);
          sum += http.get(total).path(0).path("sum").asLong();
        }
      }
    }
    return sum;
  }

  /** Asks for the job's end, without a savepoint; it comes a moment later. */
  public void cancel(final String jobId) throws IOException, InterruptedException {
    http.send(
        change("/jobs/" + jobId + "?mode=cancel").method("PATCH", BodyPublishers.noBody()).build());
  }

  public Checkpoints checkpoints(final String jobId) throws IOException, InterruptedException {
    final JsonNode node = http.get(url + "/jobs/" + jobId + "/checkpoints");
    final Set<Long> failed = new HashSet<>();
    for (JsonNode checkpoint : node.path("history")) {
      if ("FAILED".equals(checkpoint.path("status").asText())) {
        failed.add(checkpoint.path("id").asLong());
      }
    }
    return new Checkpoints(
        node.path("counts").path("completed").asLong(),
        failed,
        node.path("latest").path("completed").path("end_to_end_duration").asLong());
  }

  /** The lowest watermark of the job's tasks, milliseconds since the epoch; empty without one. */
  public OptionalLong watermark(final String jobId) throws IOException, InterruptedException {
    long lowest = Long.MAX_VALUE;
    for (JsonNode vertex : http.get(url + "/jobs/" + jobId).path("vertices")) {
      final String task = url + "/jobs/" + jobId + "/vertices/" + vertex.path("id").asText();
      for (JsonNode input : http.get(task + "/watermarks")) {
        lowest = Math.min(lowest, input.path("value").asLong(Long.MIN_VALUE));
      }
    }
    // before the first event, and after the last, it is one of the ends of the scale
    return lowest > 0 && lowest < Long.MAX_VALUE ? OptionalLong.of(lowest) : OptionalLong.empty();
  }

  /**
   * When the newest completed checkpoint of the job began, in milliseconds since 1970; empty before
   * the first.
   */
  public OptionalLong newestCheckpointStart(final String jobId)
      throws IOException, InterruptedException {
    final JsonNode start =
        http.get(url + "/jobs/" + jobId + "/checkpoints")
            .path("latest")
            .path("completed")
            .path("trigger_timestamp");
    return start.isNumber() ? OptionalLong.of(start.asLong()) : OptionalLong.empty();
  }

  /** The reason of the job's last failure; empty if it has not failed. */
  public Optional<String> failure(final String jobId) throws IOException, InterruptedException {
    final JsonNode exceptions = http.get(url + "/jobs/" + jobId + "/exceptions?maxExceptions=1");
    final String root = exceptions.path("root-exception").asText("");
    return root.isEmpty() ? Optional.empty() : Optional.of(root);
  }

  /**
   * Lets the sources end, every window close and every row be committed, then ends the job with a
   * savepoint.
   *
   * @return the request's id for {@link #savepoint}
   */
  public String stopWithDrain(final String jobId, final Path directory)
      throws IOException, InterruptedException {
    return stop(jobId, directory, true);
  }

  /**
   * Ends the job with a savepoint from which it can go on.
   *
   * @return the request's id for {@link #savepoint}
   */
  public String stopWithSavepoint(final String jobId, final Path directory)
      throws IOException, InterruptedException {
    return stop(jobId, directory, false);
  }

  /**
   * Asks for a savepoint; the job goes on.
   *
   * @return the request's id for {@link #savepoint}
   */
  public String takeSavepoint(final String jobId, final Path directory)
      throws IOException, InterruptedException {
    final ObjectNode body = http.json().createObjectNode();
    body.put("target-directory", FlinkPath.of(directory));
    return post("/jobs/" + jobId + "/savepoints", body).path("request-id").asText();
  }

  private String stop(final String jobId, final Path directory, final boolean drain)
      throws IOException, InterruptedException {
    final ObjectNode body = http.json().createObjectNode();
    body.put("drain", drain);
    body.put("targetDirectory", FlinkPath.of(directory));
    return post("/jobs/" + jobId + "/stop", body).path("request-id").asText();
  }

  /** What became of a savepoint that was asked for. */
  public Savepoint savepoint(final String jobId, final String requestId)
      throws IOException, InterruptedException {
    final JsonNode node = http.get(url + "/jobs/" + jobId + "/savepoints/" + requestId);
    if (!"COMPLETED".equals(node.path("status").path("id").asText())) {
      return new Savepoint.InProgress();
    }
    final JsonNode operation = node.path("operation");
    return operation.has("failure-cause")
        ? new Savepoint.Failed(operation.path("failure-cause").path("stack-trace").asText())
        : new Savepoint.Completed(operation.path("location").asText());
  }
}
