package io.millrace.local.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.OptionalLong;

/** What a run asks the admin API of a Pulsar broker. Thread-safe. */
public final class BrokerRest {

  private final JsonHttp http;
  private final String admin;
  private final TransientErrors errors;

  /**
   * @param webUrl of the broker, without a slash at its end
   */
  public BrokerRest(final JsonHttp http, final String webUrl) {
    this(http, webUrl, new TransientErrors());
  }

  BrokerRest(final JsonHttp http, final String webUrl, final TransientErrors errors) {
    this.http = http;
    this.errors = errors;
    this.admin = webUrl + "/admin/v2";
  }

  /**
   * What the broker counts for a partitioned topic.
   *
   * @param messagesIn messages stored since the broker started
   * @param unacknowledgedEntries batches that the subscription has not acknowledged; the job
   *     acknowledges what a completed checkpoint covers; empty while there is no subscription
   * @param unacknowledgedShare of the topic's bytes, from 0 to 1
   */
  public record TopicState(
      long messagesIn, OptionalLong unacknowledgedEntries, double unacknowledgedShare) {}

  /** Number of partitions; 0 if the topic does not exist or is not partitioned. */
  public int partitions(final String topic) throws IOException, InterruptedException {
    return http.get(path(topic) + "/partitions").path("partitions").asInt();
  }

  /**
   * Gives a topic more partitions, unless it has that many. A broker that fails for a moment is
   * asked again: it may have added them all the same.
   */
  public void growTo(final String topic, final int partitions)
      throws IOException, InterruptedException {
    errors.retry(
        () -> {
          if (partitions(topic) < partitions) {
            http.post(path(topic) + "/partitions", IntNode.valueOf(partitions));
          }
        });
  }

  /** Lets go of every partition of a topic: whoever uses them has to look them up again. */
  public void unload(final String topic) throws IOException, InterruptedException {
    put(path(topic) + "/unload");
  }

  /** Lets go of the bundles of the topic's namespace, and so of every topic in them. */
  public void unloadBundles(final String topic) throws IOException, InterruptedException {
    final String namespace = topic.replaceFirst("^[a-z]+://", "").replaceFirst("/[^/]+$", "");
    put(admin + "/namespaces/" + namespace + "/unload");
  }

  private void put(final String url) throws IOException, InterruptedException {
    final HttpRequest request =
        JsonHttp.request(url).timeout(JsonHttp.WORK).PUT(BodyPublishers.noBody()).build();
    errors.retry(() -> http.send(request));
  }

  /** How many partitions of a topic have a consumer of a subscription. */
  public int partitionsRead(final String topic, final String subscription)
      throws IOException, InterruptedException {
    int read = 0;
    for (JsonNode partition :
        http.get(path(topic) + "/partitioned-stats?perPartition=true").path("partitions")) {
      if (!partition.path("subscriptions").path(subscription).path("consumers").isEmpty()) {
        read++;
      }
    }
    return read;
  }

  /** The counts of a topic and one of its subscriptions, which need not exist yet. */
  public TopicState state(final String topic, final String subscription)
      throws IOException, InterruptedException {
    final JsonNode stats =
        http.get(path(topic) + "/partitioned-stats?perPartition=false&getPreciseBacklog=true");
    final JsonNode backlog = stats.path("subscriptions").path(subscription).path("msgBacklog");
    final long stored = stats.path("storageSize").asLong();
    return new TopicState(
        stats.path("msgInCounter").asLong(),
        backlog.isMissingNode() ? OptionalLong.empty() : OptionalLong.of(backlog.asLong()),
        stored == 0 ? 0 : Math.min(1.0, stats.path("backlogSize").asLong() / (double) stored));
  }

  /** Messages stored in a partitioned topic since the broker started; 0 if there is none. */
  public long messagesIn(final String topic) throws IOException, InterruptedException {
    return http.find(path(topic) + "/partitioned-stats?perPartition=false")
        .map(stats -> stats.path("msgInCounter").asLong())
        .orElse(0L);
  }

  public String version() throws IOException, InterruptedException {
    return http.send(JsonHttp.request(admin + "/brokers/version").GET().build()).strip();
  }

  private String path(final String topic) {
    return admin + "/" + topic.replaceFirst("://", "/");
  }
}
