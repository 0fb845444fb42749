package io.millrace.local.pipeline;

import io.millrace.local.RunFailedException;
import io.millrace.local.loopback.RunKey;
import io.millrace.local.process.Ports;
import io.millrace.local.process.RestartableProcess;
import io.millrace.local.process.Supervisor;
import io.millrace.local.rest.FlinkRest;
import io.millrace.local.rest.JsonHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A Flink cluster of one JobManager with its web UI and one TaskManager. */
public final class FlinkCluster {

  private static final Duration START_PATIENCE = Duration.ofMinutes(5);

  private static final int METRICS_PORT = 9249;

  private static final int FRAMEWORK_HEAP_MB = 128;
  private static final int TASK_HEAP_MB = 1408;

  /** What the heap above carries. */
  private static final int USUAL_SOURCES = 100_000;

  /** A source's row of a minute as it is merged, batched and written into a checkpoint. */
  private static final int HEAP_BYTES_PER_SOURCE = 2048;

  private static final int FRAMEWORK_OFF_HEAP_MB = 128;
  private static final int TASK_OFF_HEAP_MB = 512;
  private static final int NETWORK_MB = 64;
  private static final int MANAGED_MB = 256;
  private static final int METASPACE_MB = 256;
  private static final int OVERHEAD_MB = 192;

  private final Supervisor supervisor;
  private final RestartableProcess jobManager;
  private final RestartableProcess taskManager;
  private final FlinkRest rest;
  private final int restPort;
  private final int jobManagerMetricsPort;
  private final int taskManagerMetricsPort;
  private final int slots;

  public FlinkCluster(
      final Supervisor supervisor,
      final Installation installation,
      final RunDirectory run,
      final Ports ports,
      final JsonHttp http,
      final Credentials clickHouse,
      final RunOptions options) {
    this.supervisor = supervisor;
    this.slots = options.parallelism();
    this.restPort = ports.next(8081);
    final String key = Credentials.randomHex();
    this.rest = new FlinkRest(http, url(), key);
    final Path configuration = run.data().resolve("flink-conf");
    write(configuration, settings(run, ports.next(6123), key, options.sources()));
    this.jobManagerMetricsPort = ports.next(METRICS_PORT);
    this.taskManagerMetricsPort = ports.next(METRICS_PORT);
    this.jobManager =
        new RestartableProcess(
            supervisor,
            installation
                .module("local/flink-cluster")
                .process(
                    "jobmanager",
                    flags(run, 512).with("-XX:+UseSerialGC").list(),
                    "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
                    arguments(configuration, jobManagerMetricsPort),
                    run.root())
                .with(clickHouse.environment()));
    this.taskManager =
        new RestartableProcess(
            supervisor,
            installation
                .module("local/flink-cluster")
                .process(
                    "taskmanager",
                    flags(run, FRAMEWORK_HEAP_MB + taskHeapMb(options.sources()))
                        .with(
                            "-XX:+UseG1GC",
                            "-XX:MaxDirectMemorySize="
                                + (FRAMEWORK_OFF_HEAP_MB + TASK_OFF_HEAP_MB + NETWORK_MB)
                                + "m",
                            "-XX:MaxMetaspaceSize=" + METASPACE_MB + "m")
                        .list(),
                    "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                    arguments(configuration, taskManagerMetricsPort),
                    run.root())
                .with(clickHouse.environment())
                // the same for the rows that a checkpoint flushes and binds
                .givingWay(options.messagePathFirst()));
  }

  /** Heap beyond the usual that the job needs for so many sources, in MiB. */
  static int extraHeapMb(final int sources) {
    return (int) ((long) Math.max(0, sources - USUAL_SOURCES) * HEAP_BYTES_PER_SOURCE >> 20);
  }

  private static int taskHeapMb(final int sources) {
    return TASK_HEAP_MB + extraHeapMb(sources);
  }

  /** Waits until every slot is there. */
  public void awaitReady() throws InterruptedException {
    supervisor.await(
        "The Flink cluster is not ready", START_PATIENCE, () -> rest.overview().slots() >= slots);
  }

  public RestartableProcess jobManager() {
    return jobManager;
  }

  public RestartableProcess taskManager() {
    return taskManager;
  }

  public FlinkRest rest() {
    return rest;
  }

  /** Of the web UI and the REST API. */
  public String url() {
    return "http://127.0.0.1:" + restPort;
  }

  /** Of the JobManager, for Prometheus. */
  public String jobManagerMetricsUrl() {
    return "http://127.0.0.1:" + jobManagerMetricsPort + "/metrics";
  }

  /** Of the TaskManager and the job, for Prometheus. */
  public String taskManagerMetricsUrl() {
    return "http://127.0.0.1:" + taskManagerMetricsPort + "/metrics";
  }

  private static List<String> arguments(final Path configuration, final int metricsPort) {
    return List.of(
        "--configDir",
        configuration.toString(),
        "-Dmetrics.reporter.prometheus.port=" + metricsPort);
  }

  private static JvmFlags flags(final RunDirectory run, final int heapMb) {
    return JvmFlags.of(run, heapMb + "m")
        .opening("java.base/java.lang", "java.base/java.time", "java.base/java.util")
        // ten seconds, the default, are not enough on a machine with other work; Flink's option
        // pekko.startup-timeout (1.20) sets a key that Pekko does not read
        .with("-Dpekko.remote.classic.startup-timeout=60s");
  }

  private Map<String, String> settings(
      final RunDirectory run, final int rpcPort, final String key, final int sources) {
    final Map<String, String> settings = new TreeMap<>();
    settings.put("jobmanager.rpc.address", "127.0.0.1");
    settings.put("jobmanager.bind-host", "127.0.0.1");
    settings.put("jobmanager.rpc.port", Integer.toString(rpcPort));
    settings.put("rest.address", "127.0.0.1");
    settings.put("rest.bind-address", "127.0.0.1");
    settings.put("rest.port", Integer.toString(restPort));
    settings.put(RunKey.FLINK_SETTING, key);
    settings.put("web.access-control-allow-origin", url());
    // the UI has no key
    settings.put("web.cancel.enable", "false");
    settings.put("taskmanager.host", "127.0.0.1");
    settings.put("taskmanager.bind-host", "127.0.0.1");
    settings.put("taskmanager.numberOfTaskSlots", Integer.toString(slots));
    // else Flink asks for this machine's host name, which may not resolve
    settings.put("taskmanager.resource-id", "taskmanager");
    // relative to the working directory: Flink takes a comma or a colon for the end of a path
    settings.put("io.tmp.dirs", run.root().relativize(run.temporary()).toString());
    settings.put("web.tmpdir", run.temporary().toString());
    settings.put("web.upload.dir", run.data().resolve("flink-jars").toString());
    // a killed process is noticed in seconds; a busy one is not taken for dead
    settings.put("heartbeat.interval", "3000");
    settings.put("heartbeat.timeout", "15000");
    settings.put("metrics.fetcher.update-interval", "500");
    settings.put("metrics.reporters", "prometheus");
    settings.put(
        "metrics.reporter.prometheus.factory.class",
        "org.apache.flink.metrics.prometheus.LoopbackPrometheusReporterFactory");
    // threads of the Pulsar client outlive a task for a moment
    settings.put("classloader.check-leaked-classloader", "false");
    // a job is submitted again from its last checkpoint after the JobManager died
    settings.put(
        "execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
    memory(settings, taskHeapMb(sources));
    return settings;
  }

  /**
   * What Flink's shell scripts would compute; the TaskManager wants every part when it is alone.
   */
  private static void memory(final Map<String, String> settings, final int taskHeapMb) {
    settings.put(
        "taskmanager.cpu.cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    settings.put("taskmanager.memory.framework.heap.size", FRAMEWORK_HEAP_MB + "m");
    settings.put("taskmanager.memory.task.heap.size", taskHeapMb + "m");
    settings.put("taskmanager.memory.framework.off-heap.size", FRAMEWORK_OFF_HEAP_MB + "m");
    settings.put("taskmanager.memory.task.off-heap.size", TASK_OFF_HEAP_MB + "m");
    settings.put("taskmanager.memory.network.min", NETWORK_MB + "m");
    settings.put("taskmanager.memory.network.max", NETWORK_MB + "m");
    settings.put("taskmanager.memory.managed.size", MANAGED_MB + "m");
    settings.put("taskmanager.memory.jvm-metaspace.size", METASPACE_MB + "m");
    settings.put("taskmanager.memory.jvm-overhead.min", OVERHEAD_MB + "m");
    settings.put("taskmanager.memory.jvm-overhead.max", OVERHEAD_MB + "m");
  }

  private static void write(final Path directory, final Map<String, String> settings) {
    final StringBuilder yaml = new StringBuilder();
    settings.forEach(
        (key, value) ->
            yaml.append(key)
                .append(": \"")
                .append(value.replace("\\", "\\\\").replace("\"", "\\\""))
                .append("\"\n"));
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve("config.yaml"), yaml);
    } catch (IOException e) {
      throw new RunFailedException("Flink's settings cannot be written: " + e + ".", e);
    }
  }
}
