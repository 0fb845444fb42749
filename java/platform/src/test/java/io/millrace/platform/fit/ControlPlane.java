package io.millrace.platform.fit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.millrace.platform.PlatformException;
import io.millrace.platform.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Kubernetes control plane on loopback: etcd, API server, the controllers that make pods and bind
 * volumes, and the scheduler. There is no kubelet, so a pod that has a node stays as it is.
 *
 * <p>Everything it writes is in one folder, and its programs end with it; those that {@code
 * .ci/scheduler} builds end with this JVM, too.
 */
final class ControlPlane implements AutoCloseable {
  /** Names the folder of the programs, as it does for others that test against an API server. */
  private static final String ASSETS = "KUBEBUILDER_ASSETS";

  private static final List<String> PROGRAMS =
      List.of("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler");
  private static final Duration START = Duration.ofMinutes(3);

  private final Path programs;
  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final Path kubeconfig;
  private final KubernetesClient client;

  /** Skips the test, and says why, where there can be no control plane. */
  static void assumePrograms() {
    missing()
        .ifPresent(
            reason -> {
              System.out.println("SKIPPED: " + reason);
              assumeTrue(false, reason);
            });
  }

  /** Why there can be no control plane here; empty if there can. */
  private static Optional<String> missing() {
    String assets = System.getenv(ASSETS);
    if (assets == null) {
      return Optional.of(ASSETS + " names no folder of Kubernetes' programs: .ci/scheduler does.");
    }
    return PROGRAMS.stream()
        .filter(program -> !Files.isExecutable(Path.of(assets, program)))
        .findFirst()
        .map(program -> "%s=%s has no %s.".formatted(ASSETS, assets, program));
  }

  /**
   * Starts one and waits until it answers.
   *
   * @param folder an empty one, for its data, keys and logs
   */
  ControlPlane(Path folder) {
    this.programs = Path.of(System.getenv(ASSETS));
    this.folder = folder;
    this.kubeconfig = folder.resolve("kubeconfig");
    try {
      int port = freePort();
      String token = token();
      writeKeys(token);
      writeKubeconfig(port, token);
      startServer(port);
      client =
          new KubernetesClientBuilder()
              .withConfig(
                  new ConfigBuilder(Config.empty())
                      .withMasterUrl("https://127.0.0.1:" + port)
                      .withOauthToken(token)
                      .withCaCertFile(certificate().toString())
                      .withRequestRetryBackoffLimit(0)
                      .build())
              .build();
      awaitReady();
      startControllers();
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  KubernetesClient client() {
    return client;
  }

  /**
   * Applies a folder's rendering, or a file, as Argo CD does: on the server, which refuses what it
   * does not know.
   *
   * @throws PlatformException with the server's words, when it refuses anything
   */
  void apply(Path path) {
    kubectl(
        "apply",
        "--server-side",
        "--validate=strict",
        Files.exists(path.resolve("kustomization.yaml")) ? "--kustomize" : "--filename",
        path.toString());
  }

  /** Runs kubectl against it. */
  void kubectl(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--kubeconfig", kubeconfig.toString()));
    all.addAll(List.of(arguments));
    Tool.kubectl().run(folder, all.toArray(String[]::new));
  }

  private void startServer(int port) throws IOException {
    String etcd = "http://127.0.0.1:" + freePort();
    start(
        "etcd",
        "--data-dir=data",
        "--listen-client-urls=" + etcd,
        "--advertise-client-urls=" + etcd,
        "--listen-peer-urls=http://127.0.0.1:" + freePort(),
        "--unsafe-no-fsync",
        "--log-level=warn");
    start(
        "kube-apiserver",
        "--etcd-servers=" + etcd,
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        "--secure-port=" + port,
        "--cert-dir=.",
        "--token-auth-file=tokens.csv",
        "--authorization-mode=RBAC",
        "--service-account-issuer=https://kubernetes.default.svc",
        "--service-account-key-file=service-accounts.key",
        "--service-account-signing-key-file=service-accounts.key",
        "--service-cluster-ip-range=10.96.0.0/16",
        "--endpoint-reconciler-type=none",
        // nobody says that the nodes are ready, or takes finalizers off claims
        "--disable-admission-plugins=TaintNodesByCondition,StorageObjectInUseProtection");
    Instant deadline = Instant.now().plus(START);
    while (!Files.exists(certificate()) && Instant.now().isBefore(deadline)) {
      pause(Duration.ofMillis(100));
    }
  }

  private void startControllers() throws IOException {
    start(
        "kube-controller-manager",
        "--kubeconfig=kubeconfig",
        "--service-account-private-key-file=service-accounts.key",
        "--leader-elect=false",
        "--secure-port=0",
        "--controllers="
            + String.join(
                ",",
                "deployment-controller",
                "job-controller",
                "persistentvolume-binder-controller",
                "replicaset-controller",
                "resourcequota-controller",
                "serviceaccount-controller",
                "statefulset-controller"));
    start("kube-scheduler", "--kubeconfig=kubeconfig", "--leader-elect=false", "--secure-port=0");
  }

  private void start(String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(program + ".log").toFile());
    builder.environment().put("END_WITH_STDIN", "1");
    processes.add(builder.start());
  }

  private void awaitReady() {
    Instant deadline = Instant.now().plus(START);
    while (true) {
      try {
        if ("ok".equals(client.raw("/readyz"))) {
          return;
        }
      } catch (KubernetesClientException e) {
        // not yet
      }
      for (Process process : processes) {
        if (!process.isAlive()) {
          throw new IllegalStateException("A program of the control plane ended: " + logs());
        }
      }
      if (Instant.now().isAfter(deadline)) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "The API server is not ready after %d s: %s",
                START.toSeconds(),
                logs()));
      }
      pause(Duration.ofMillis(200));
    }
  }

  /** The last lines that each program wrote. */
  private String logs() {
    StringBuilder text = new StringBuilder();
    for (String program : PROGRAMS) {
      Path log = folder.resolve(program + ".log");
      if (Files.exists(log)) {
        try (Stream<String> lines = Files.lines(log)) {
          List<String> all = lines.toList();
          text.append('\n').append(program).append(":\n");
          text.append(String.join("\n", all.subList(Math.max(0, all.size() - 5), all.size())));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return text.toString();
  }

  /** The server makes it itself; it is its own authority. */
  private Path certificate() {
    return folder.resolve("apiserver.crt");
  }

  private void writeKeys(String token) throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
      writeSecret(
          "service-accounts.key",
          "-----BEGIN PRIVATE KEY-----\n"
              + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
              + "\n-----END PRIVATE KEY-----\n");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    writeSecret("tokens.csv", token + ",admin,admin,system:masters\n");
  }

  private void writeKubeconfig(int port, String token) throws IOException {
    writeSecret(
        kubeconfig.getFileName().toString(),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: it, cluster: {server: "https://127.0.0.1:%d", certificate-authority: "%s"}}]
        users: [{name: it, user: {token: "%s"}}]
        contexts: [{name: it, context: {cluster: it, user: it}}]
        current-context: it
        """
            .formatted(port, certificate(), token));
  }

  private void writeSecret(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, text);
  }

  private static String token() {
    byte[] random = new byte[20];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  static void pause(Duration duration) {
    try {
      TimeUnit.MILLISECONDS.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Ends its programs, the server before its store. */
  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
    for (int i = processes.size() - 1; i >= 0; i--) {
      Process process = processes.get(i);
      process.destroy();
      try {
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
