package io.millrace.platform.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Network, bucket, registry, roles and passwords built by moto, a local AWS emulator, planned again
 * and destroyed.
 */
class EmulatedApplyTest {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  @Test
  void whatIsBuiltIsAsDescribedAndGoesAway(@TempDir Path folder) throws Exception {
    Workspace workspace = Workspace.initialised(folder, "tests/emulated");
    requireMoto();
    int port = freePort();
    String endpoint = "http://127.0.0.1:" + port;
    Process moto = startMoto(port, folder.resolve("moto.log"));
    try {
      awaitReady(moto, endpoint, folder.resolve("moto.log"));
      String variable = "-var=endpoint=" + endpoint;

      assertThat(workspace.succeed("apply", "-auto-approve", "-input=false", variable))
          .contains("Apply complete!");

      JsonNode users = storedSecret(endpoint, "millrace/emulated/clickhouse");
      List<String> passwords = List.of(users.path("flink").asText(), users.path("reader").asText());
      assertThat(users).hasSize(2);
      assertThat(passwords).doesNotHaveDuplicates();
      String state = Files.readString(workspace.root().resolve("terraform.tfstate"));
      for (String password : passwords) {
        assertThat(password).matches("[A-Za-z0-9]{40}");
        assertThat(state).as("the state keeps a password").doesNotContain(password);
      }

      Workspace.Result again =
          workspace.run("plan", "-input=false", "-detailed-exitcode", variable);
      assertThat(again.exitCode())
          .as("a second plan has to be empty:\n%s", again.output())
          .isZero();

      assertThat(workspace.succeed("destroy", "-auto-approve", "-input=false", variable))
          .contains("Destroy complete!");
      assertThat(workspace.succeed("state", "list")).isEmpty();
    } finally {
      moto.destroy();
      if (!moto.waitFor(10, TimeUnit.SECONDS)) {
        moto.destroyForcibly().waitFor();
      }
    }
  }

  private static void requireMoto() throws IOException, InterruptedException {
    Process probe =
        Workspace.onPath("python3")
            ? new ProcessBuilder("python3", "-c", "import moto.server")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
            : null;
    if (probe == null || probe.waitFor() != 0) {
      Workspace.skip("python3 has no moto server (pip install 'moto[server]')");
    }
  }

  private static Process startMoto(int port, Path log) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    "python3", "-m", "moto.server", "-H", "127.0.0.1", "-p", String.valueOf(port)))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("MOTO_IAM_LOAD_MANAGED_POLICIES", "true");
    return builder.start();
  }

  private static void awaitReady(Process moto, String endpoint, Path log) throws Exception {
    Instant deadline = Instant.now().plus(START_TIMEOUT);
    while (true) {
      assertThat(moto.isAlive()).as("moto runs:\n%s", Files.readString(log)).isTrue();
      assertThat(Instant.now()).as("moto answers in %s", START_TIMEOUT).isBefore(deadline);
      try {
        HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint + "/moto-api/")).build();
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding());
        return;
      } catch (IOException notYet) {
        TimeUnit.MILLISECONDS.sleep(200);
      }
    }
  }

  private static JsonNode storedSecret(String endpoint, String name) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(endpoint))
            .header("Content-Type", "application/x-amz-json-1.1")
            .header("X-Amz-Target", "secretsmanager.GetSecretValue")
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=none/20260101/us-west-2/secretsmanager/aws4_request,"
                    + " SignedHeaders=host, Signature=none")
            .POST(HttpRequest.BodyPublishers.ofString("{\"SecretId\": \"" + name + "\"}"))
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Plan.parse(Plan.parse(response.body()).path("SecretString").asText());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
