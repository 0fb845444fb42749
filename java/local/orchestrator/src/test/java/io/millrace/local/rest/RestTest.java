package io.millrace.local.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers as the servers give them, in the parts that are read. */
class RestTest {

  private static final String TOPIC = "persistent://public/default/grows";

  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final AtomicInteger partitions = new AtomicInteger(4);
  private final AtomicInteger posts = new AtomicInteger();
  private HttpServer server;
  private String url;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          final String answer = answers.get(exchange.getRequestURI().toString());
          final byte[] body =
              (answer == null ? "no such thing" : answer).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    url = "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void aSubscriptionThatDoesNotExistYetHasNoBacklogRatherThanNone() throws Exception {
    final String stats =
        "/admin/v2/persistent/public/default/t/partitioned-stats"
            + "?perPartition=false&getPreciseBacklog=true";
    final BrokerRest broker = new BrokerRest(new JsonHttp(), url);

    answers.put(stats, "{\"msgInCounter\": 5, \"subscriptions\": {}}");
    assertThat(broker.state("persistent://public/default/t", "s"))
        .isEqualTo(new BrokerRest.TopicState(5, OptionalLong.empty(), 0));

    answers.put(
        stats,
        "{\"msgInCounter\": 9, \"storageSize\": 400, \"backlogSize\": 100,"
            + " \"subscriptions\": {\"s\": {\"msgBacklog\": 0}}}");
    assertThat(broker.state("persistent://public/default/t", "s"))
        .isEqualTo(new BrokerRest.TopicState(9, OptionalLong.of(0), 0.25));
  }

  @Test
  void theMessagesOfASideTopicAreThoseOfAllItsPartitions() throws Exception {
    final BrokerRest broker = new BrokerRest(new JsonHttp(), url);
    answers.put(
        "/admin/v2/persistent/public/default/t-late/partitioned-stats?perPartition=false",
        "{\"msgInCounter\": 7}");
    assertThat(broker.messagesIn("persistent://public/default/t-late")).isEqualTo(7);
    assertThat(broker.messagesIn("persistent://public/default/t-dead-letter")).isZero();
  }

  @Test
  void aTopicIsUnloadedByItsNameAndBundlesByTheirNamespace() throws Exception {
    final BrokerRest broker = new BrokerRest(new JsonHttp(), url);
    answers.put("/admin/v2/persistent/public/default/t/unload", "");
    broker.unload("persistent://public/default/t");
    answers.put("/admin/v2/namespaces/public/default/unload", "");
    broker.unloadBundles("persistent://public/default/t");

    assertThatThrownBy(() -> broker.unload("persistent://public/default/other"))
        .isInstanceOf(HttpStatusException.class);
  }

  @Test
  void aPartitionIsReadWhenTheSubscriptionHasAConsumerThere() throws Exception {
    // the broker makes the subscriptions of a new partition itself
    answers.put(
        "/admin/v2/persistent/public/default/t/partitioned-stats?perPartition=true",
        """
        {"partitions": {
          "t-partition-0": {"subscriptions": {"s": {"consumers": [{"consumerName": "c"}]}}},
          "t-partition-1": {"subscriptions": {"s": {"consumers": []}}},
          "t-partition-2": {"subscriptions": {"other": {"consumers": [{"consumerName": "c"}]}}}}}
        """);

    assertThat(
            new BrokerRest(new JsonHttp(), url)
                .partitionsRead("persistent://public/default/t", "s"))
        .isEqualTo(1);
  }

  @Test
  void whatTheJobReadIsTheSumOverTheSourcesSubtasks() throws Exception {
    answers.put("/jobs/j", "{\"vertices\": [{\"id\": \"a\"}, {\"id\": \"b\"}]}");
    answers.put(
        "/jobs/j/vertices/a/subtasks/metrics",
        "[{\"id\": \"Source x.millrace_job_messages_received_total\"}, {\"id\":"
            + " \"numRecordsIn\"}]");
    answers.put(
        "/jobs/j/vertices/a/subtasks/metrics?agg=sum&get=Source+x.millrace_job_messages_received_total",
        "[{\"id\": \"Source x.millrace_job_messages_received_total\", \"sum\": 42.0}]");
    answers.put("/jobs/j/vertices/b/subtasks/metrics", "[]");

    assertThat(new FlinkRest(new JsonHttp(), url, "key").messagesRead("j")).isEqualTo(42);
  }

  @Test
  void aJobRunsWhenEveryTaskOfEveryVertexDoes() throws Exception {
    final FlinkRest flink = new FlinkRest(new JsonHttp(), url, "key");

    answers.put("/jobs/j", "{\"vertices\": []}");
    assertThat(flink.allTasksRun("j")).isFalse();
    answers.put(
        "/jobs/j",
        "{\"vertices\": [{\"parallelism\": 2, \"tasks\": {\"RUNNING\": 2}},"
            + " {\"parallelism\": 2, \"tasks\": {\"RUNNING\": 1, \"INITIALIZING\": 1}}]}");
    assertThat(flink.allTasksRun("j")).isFalse();
    answers.put("/jobs/j", "{\"vertices\": [{\"parallelism\": 2, \"tasks\": {\"RUNNING\": 2}}]}");
    assertThat(flink.allTasksRun("j")).isTrue();
  }

  @Test
  void aSavepointIsInProgressCompletedOrFailed() throws Exception {
    final FlinkRest flink = new FlinkRest(new JsonHttp(), url, "key");

    answers.put("/jobs/j/savepoints/r", "{\"status\": {\"id\": \"IN_PROGRESS\"}}");
    assertThat(flink.savepoint("j", "r")).isEqualTo(new FlinkRest.Savepoint.InProgress());
    answers.put(
        "/jobs/j/savepoints/r",
        "{\"status\": {\"id\": \"COMPLETED\"}, \"operation\": {\"location\": \"file:/s\"}}");
    assertThat(flink.savepoint("j", "r")).isEqualTo(new FlinkRest.Savepoint.Completed("file:/s"));
    answers.put(
        "/jobs/j/savepoints/r",
        "{\"status\": {\"id\": \"COMPLETED\"},"
            + " \"operation\": {\"failure-cause\": {\"stack-trace\": \"why\"}}}");
    assertThat(flink.savepoint("j", "r")).isEqualTo(new FlinkRest.Savepoint.Failed("why"));
  }

  /** As Flink 1.20.3 answers: the declined one is in no history, and in "failed". */
  @Test
  void aCheckpointThatNeverBeganBecauseTasksWereStartingHasNotFailed() throws Exception {
    final FlinkRest flink = new FlinkRest(new JsonHttp(), url, "key");

    answers.put(
        "/jobs/j/checkpoints",
        """
        {"counts": {"restored": 0, "total": 1, "in_progress": 0, "completed": 0, "failed": 1},
         "latest": {"completed": null, "savepoint": null, "failed": null, "restored": null},
         "history": []}
        """);
    assertThat(flink.checkpoints("j")).isEqualTo(new FlinkRest.Checkpoints(0, Set.of(), 0));
    answers.put(
        "/jobs/j/checkpoints",
        """
        {"counts": {"restored": 0, "total": 4, "in_progress": 1, "completed": 1, "failed": 2},
         "latest": {"completed": {"id": 1, "status": "COMPLETED", "end_to_end_duration": 250}},
         "history": [{"id": 3, "status": "IN_PROGRESS"}, {"id": 2, "status": "FAILED"},
          {"id": 1, "status": "COMPLETED"}]}
        """);
    assertThat(flink.checkpoints("j")).isEqualTo(new FlinkRest.Checkpoints(1, Set.of(2L), 250));
  }

  @Test
  void aBrokerThatFailsForAMomentIsAskedAgain() throws Exception {
    topicGrows(true, 3, 500);

    broker().growTo(TOPIC, 8);

    assertThat(partitions.get()).isEqualTo(8);
    assertThat(posts.get()).isEqualTo(4);
  }

  @Test
  void aBrokerThatGrewTheTopicAndAnsweredWithAnErrorIsNotAskedAgain() throws Exception {
    topicGrows(false, 1, 503);

    broker().growTo(TOPIC, 8);

    assertThat(partitions.get()).isEqualTo(8);
    assertThat(posts.get()).isEqualTo(1);
  }

  @Test
  void aBrokerThatRefusesIsNotAskedAgain() {
    topicGrows(true, 1_000_000, 409);

    assertThatThrownBy(() -> broker().growTo(TOPIC, 8)).hasMessageContaining("answered 409: busy");
    assertThat(posts.get()).isEqualTo(1);
  }

  @Test
  void aBrokerThatStaysAwayIsGivenUpWithItsLastError() {
    topicGrows(true, 1_000_000, 500);

    assertThatThrownBy(() -> broker().growTo(TOPIC, 8))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("answered 500: busy");
    assertThat(posts.get()).isGreaterThan(1);

    server.stop(0);
    assertThatThrownBy(() -> broker().growTo(TOPIC, 8)).isInstanceOf(ConnectException.class);
  }

  private BrokerRest broker() {
    return new BrokerRest(
        new JsonHttp(),
        url,
        new TransientErrors(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(500)));
  }

  /**
   * A broker that fails to grow a topic of four partitions.
   *
   * @param inVain whether the failures are real; otherwise the topic grows all the same
   * @param failures how many requests it answers with an error
   */
  private void topicGrows(final boolean inVain, final int failures, final int status) {
    server.createContext(
        "/admin/v2/persistent/public/default/grows/partitions",
        exchange -> {
          final boolean post = exchange.getRequestMethod().equals("POST");
          final boolean fails = post && posts.incrementAndGet() <= failures;
          if (post && (!fails || !inVain)) {
            partitions.set(
                Integer.parseInt(
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
          }
          final byte[] body =
              (fails ? "busy" : "{\"partitions\": " + partitions.get() + "}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(fails ? status : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  @Test
  void anErrorCarriesTheServersWords() {
    assertThatThrownBy(() -> new JsonHttp().get(url + "/nothing"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/nothing answered 404: no such thing");
  }
}
