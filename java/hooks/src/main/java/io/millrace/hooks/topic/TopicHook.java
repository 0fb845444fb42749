package io.millrace.hooks.topic;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.failsafe.RetryPolicyBuilder;
import io.millrace.hooks.HookException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.pulsar.client.admin.PulsarAdmin;
import org.apache.pulsar.client.admin.PulsarAdminException;
import org.apache.pulsar.client.admin.PulsarAdminException.NotAuthorizedException;
import org.apache.pulsar.client.admin.PulsarAdminException.NotFoundException;
import org.apache.pulsar.common.policies.data.AuthAction;
import org.apache.pulsar.common.policies.data.BacklogQuota;
import org.apache.pulsar.common.policies.data.RetentionPolicies;
import org.apache.pulsar.common.policies.data.SchemaCompatibilityStrategy;
import org.apache.pulsar.common.schema.SchemaInfo;
import org.apache.pulsar.common.schema.SchemaType;

/**
 * Makes topics what Git says they are. All of them are looked at before the first one is changed,
 * so a refusal changes nothing; what is right already is left alone, so a second run changes
 * nothing.
 */
public final class TopicHook {
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration POLICY_LIMIT = Duration.ofMinutes(1);
  private static final int SERVER_ERROR = 500;
  private static final int MEBIBYTE_SHIFT = 20;
  private static final long GIBIBYTE = 1L << 30;

  private final PulsarAdmin admin;
  private final PrintWriter log;

  /**
   * @param log where the hook says what it changes, one line each
   */
  public TopicHook(PulsarAdmin admin, PrintWriter log) {
    this.admin = admin;
    this.log = log;
  }

  /**
   * Applies the specifications.
   *
   * @param wait how long brokers that do not answer or fail, and a namespace that does not exist
   *     yet, are waited for
   * @throws HookException when a specification is refused or a change failed
   */
  public void apply(List<TopicSpec> specs, Duration wait) throws HookException {
    try {
      Failsafe.with(retries(wait)).run(() -> attempt(specs, wait));
    } catch (FailsafeException e) {
      if (e.getCause() instanceof HookException refused) {
        throw refused;
      }
      if (!(e.getCause() instanceof PulsarAdminException refused)) {
        throw e;
      }
      throw new HookException(
          isTransient(refused)
              ? "the brokers still fail after " + wait.toSeconds() + " s: " + refused.getMessage()
              : "the brokers refused: " + refused.getMessage(),
          refused);
    }
  }

  /**
   * A broker that is busy, restarts or hands its bundles over answers with an error of its own for
   * a moment, and may have done what it was asked all the same. So everything is looked at again.
   */
  private RetryPolicy<Object> retries(Duration limit) {
    RetryPolicyBuilder<Object> policy =
        RetryPolicy.builder()
            .handleIf(TopicHook::isTransient)
            .onRetry(
                attempt ->
                    log.println(
                        "topics: the brokers fail ("
                            + attempt.getLastException().getMessage()
                            + "); trying again"));
    // within a pause there is one attempt
    return limit.compareTo(POLL) <= 0
        ? policy.withMaxRetries(0).build()
        : policy.withBackoff(POLL, LONGEST_PAUSE).withMaxRetries(-1).withMaxDuration(limit).build();
  }

  /** The client gives errors without an answer, such as a refused connection, the status 500. */
  private static boolean isTransient(Throwable error) {
    return error instanceof PulsarAdminException answer && answer.getStatusCode() >= SERVER_ERROR;
  }

  private void attempt(List<TopicSpec> specs, Duration wait)
      throws PulsarAdminException, HookException {
    List<OptionalInt> partitions = new ArrayList<>();
    for (TopicSpec spec : specs) {
      awaitNamespace(TopicAdmin.namespace(spec.name()), wait);
      partitions.add(check(spec));
    }
    for (TopicSpec spec : specs) {
      if (spec.schema().isPresent()) {
        refuseSchemasOfProducers(TopicAdmin.namespace(spec.name()));
      }
    }
    for (int i = 0; i < specs.size(); i++) {
      TopicSpec spec = specs.get(i);
      int now = partitions(spec, partitions.get(i));
      policies(spec, spec.retentionMebibytes(now));
      if (spec.schema().isPresent()) {
        schema(spec.name(), spec.schema().get());
      }
      grants(spec);
    }
  }

  /** The namespace appears some seconds after the admin interface answers on a new cluster. */
  private void awaitNamespace(String namespace, Duration wait) throws HookException {
    long end = System.nanoTime() + wait.toNanos();
    while (true) {
      try {
        admin.topics().getPartitionedTopicList(namespace);
        return;
      } catch (NotAuthorizedException e) {
        throw new HookException(
            "not allowed to administer namespace " + namespace + ": " + e.getMessage(), e);
      } catch (PulsarAdminException e) {
        if (System.nanoTime() - end >= 0) {
          throw new HookException(
              "namespace "
                  + namespace
                  + " is not there after "
                  + wait.toSeconds()
                  + " s ("
                  + e.getMessage()
                  + "): see whether the brokers run and the cluster's metadata is initialised",
              e);
        }
        pause("waiting for namespace " + namespace);
      }
    }
  }

  /** Returns the partitions of the topic as it is, empty when it does not exist. */
  private OptionalInt check(TopicSpec spec) throws PulsarAdminException, HookException {
    OptionalInt existing = TopicAdmin.partitions(admin, spec.name());
    if (existing.isEmpty()) {
      if (admin.topics().getList(TopicAdmin.namespace(spec.name())).contains(spec.name())) {
        throw new HookException(
            "topic "
                + spec.name()
                + " exists without partitions and cannot be given any: move its readers and writers"
                + " to a new topic");
      }
      return existing;
    }
    if (spec.schema().isPresent()) {
      TopicSchema schema = spec.schema().get();
      Optional<String> conflict =
          schema.compatibility().conflict(schema.avro(), registered(spec.name()));
      if (conflict.isPresent()) {
        throw new HookException(
            "the schema of "
                + spec.name()
                + " is not "
                + schema.compatibility()
                + " with the registered ones ("
                + conflict.get()
                + "): give new fields a default and keep the type of old ones");
      }
    }
    return existing;
  }

  /**
   * Whoever may produce could otherwise register schemas, which stay for good and bind all later
   * ones. A producer connects if its schema is a registered one.
   */
  private void refuseSchemasOfProducers(String namespace) throws PulsarAdminException {
    if (admin.namespaces().getIsAllowAutoUpdateSchema(namespace)) {
      admin.namespaces().setIsAllowAutoUpdateSchema(namespace, false);
      changed(namespace, "producers may not register schemas");
    }
  }

  /** Returns how many the topic has then. Pulsar never removes a partition. */
  private int partitions(TopicSpec spec, OptionalInt existing) throws PulsarAdminException {
    if (existing.isEmpty()) {
      admin.topics().createPartitionedTopic(spec.name(), spec.partitions());
      changed(spec.name(), "created with " + spec.partitions() + " partitions");
    } else if (existing.getAsInt() < spec.partitions()) {
      admin.topics().updatePartitionedTopic(spec.name(), spec.partitions());
      changed(
          spec.name(),
          "grown from " + existing.getAsInt() + " to " + spec.partitions() + " partitions");
    } else if (existing.getAsInt() > spec.partitions()) {
      log.println(
          "topics: "
              + spec.name()
              + ": keeps its "
              + existing.getAsInt()
              + " partitions, which share what "
              + spec.partitions()
              + " would keep");
      return existing.getAsInt();
    }
    return spec.partitions();
  }

  private void policies(TopicSpec spec, long mebibytes) throws PulsarAdminException, HookException {
    String topic = spec.name();
    RetentionPolicies retention =
        new RetentionPolicies((int) spec.retention().toMinutes(), mebibytes);
    RetentionPolicies before = admin.topicPolicies().getRetention(topic);
    // the brokers refuse a backlog that is not below the retention, at every step in between
    boolean shrinks =
        mebibytes >= 0
            && before != null
            && (before.getRetentionSizeInMB() < 0 || before.getRetentionSizeInMB() > mebibytes);
    if (shrinks) {
      backlog(topic, mebibytes);
      retention(topic, retention);
    } else {
      retention(topic, retention);
      backlog(topic, mebibytes);
    }
    if (spec.schema().isPresent()) {
      set(
          topic,
          "deduplication",
          Boolean.TRUE,
          () -> admin.topicPolicies().getDeduplicationStatus(topic),
          enabled -> admin.topicPolicies().setDeduplicationStatus(topic, enabled));
      set(
          topic,
          "schema compatibility",
          spec.schema().get().compatibility().strategy(),
          () -> compatibility(topic),
          rule -> admin.topicPolicies().setSchemaCompatibilityStrategy(topic, rule));
    }
  }

  private void retention(String topic, RetentionPolicies wanted)
      throws PulsarAdminException, HookException {
    set(
        topic,
        "retention",
        wanted,
        () -> admin.topicPolicies().getRetention(topic),
        retention -> admin.topicPolicies().setRetention(topic, retention));
  }

  /**
   * A partition whose backlog grows to what it may keep stops its producers, before the disks are
   * full and before anything that nobody has read is deleted.
   */
  private void backlog(String topic, long mebibytes) throws PulsarAdminException, HookException {
    if (mebibytes < 0) {
      return;
    }
    set(
        topic,
        "backlog",
        backlogBytes(mebibytes),
        () -> backlogBytes(topic),
        bytes ->
            admin
                .topicPolicies()
                .setBacklogQuota(
                    topic,
                    BacklogQuota.builder()
                        .limitSize(bytes)
                        .retentionPolicy(BacklogQuota.RetentionPolicy.producer_request_hold)
                        .build(),
                    BacklogQuota.BacklogQuotaType.destination_storage));
  }

  /** A GiB less than is kept, or half of what is less than two. */
  private static Long backlogBytes(long mebibytes) {
    return (mebibytes << MEBIBYTE_SHIFT) - Math.min(GIBIBYTE, (mebibytes << MEBIBYTE_SHIFT) / 2);
  }

  private Long backlogBytes(String topic) throws PulsarAdminException {
    BacklogQuota quota =
        admin
            .topicPolicies()
            .getBacklogQuotaMap(topic)
            .get(BacklogQuota.BacklogQuotaType.destination_storage);
    return quota == null ? null : quota.getLimitSize();
  }

  private SchemaCompatibilityStrategy compatibility(String topic) throws PulsarAdminException {
    return admin.topicPolicies().getSchemaCompatibilityStrategy(topic, false);
  }

  private interface Read<T> {
    T get() throws PulsarAdminException;
  }

  private interface Write<T> {
    void accept(T value) throws PulsarAdminException;
  }

  /** Policies travel through a system topic: one is set when a broker shows it. */
  private <T> void set(String topic, String what, T wanted, Read<T> read, Write<T> write)
      throws PulsarAdminException, HookException {
    if (Objects.equals(read.get(), wanted)) {
      return;
    }
    write.accept(wanted);
    long end = System.nanoTime() + POLICY_LIMIT.toNanos();
    while (!Objects.equals(read.get(), wanted)) {
      if (System.nanoTime() - end >= 0) {
        throw new HookException(
            "the "
                + what
                + " of "
                + topic
                + " is still "
                + read.get()
                + ": see whether the brokers have topicLevelPoliciesEnabled=true");
      }
      pause("waiting for the " + what + " of " + topic);
    }
    changed(topic, what + " set to " + wanted);
  }

  private void schema(String topic, TopicSchema schema) throws PulsarAdminException, HookException {
    if (!registered(topic).contains(schema.avro())) {
      admin
          .schemas()
          .createSchema(
              topic,
              SchemaInfo.builder()
                  .name(schema.avro().getName())
                  .type(SchemaType.AVRO)
                  .schema(schema.avro().toString().getBytes(StandardCharsets.UTF_8))
                  .properties(Map.of())
                  .build());
      changed(topic, "schema " + schema.avro().getFullName() + " registered");
    }
  }

  /** Returns every version of the topic's schema, oldest first. */
  private List<Schema> registered(String topic) throws PulsarAdminException, HookException {
    List<Schema> versions = new ArrayList<>();
    try {
      for (SchemaInfo version : admin.schemas().getAllSchemas(topic)) {
        if (version.getType() != SchemaType.AVRO) {
          throw new HookException(
              "topic "
                  + topic
                  + " has a schema of type "
                  + version.getType()
                  + ", not AVRO: delete that schema, or use another topic");
        }
        versions.add(
            SchemaSource.registered(
                topic, new String(version.getSchema(), StandardCharsets.UTF_8)));
      }
    } catch (NotFoundException e) {
      // a topic without a schema
      return List.of();
    }
    return versions;
  }

  private void grants(TopicSpec spec) throws PulsarAdminException {
    Map<String, Set<AuthAction>> granted =
        spec.grants().isEmpty()
            ? Map.of()
            : new HashMap<>(admin.topics().getPermissions(spec.name()));
    for (Map.Entry<String, Set<AuthAction>> grant : spec.grants().entrySet()) {
      if (!grant.getValue().equals(granted.get(grant.getKey()))) {
        admin.topics().grantPermission(spec.name(), grant.getKey(), grant.getValue());
        changed(spec.name(), grant.getKey() + " may " + grant.getValue());
      }
    }
  }

  private void changed(String topic, String what) {
    log.println("topics: " + topic + ": " + what);
  }

  private static void pause(String what) throws HookException {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HookException("interrupted while " + what, e);
    }
  }
}
