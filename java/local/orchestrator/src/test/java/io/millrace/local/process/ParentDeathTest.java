package io.millrace.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Children die with a parent that had no chance to end them. */
class ParentDeathTest {

  @TempDir private Path directory;

  @Test
  void aKilledParentTakesItsChildrenAlong() throws Exception {
    final ProcessBuilder builder =
        new ProcessBuilder(java(), "-Xmx64m", Parent.class.getName(), directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    final Process parent = builder.start();
    try {
      final long child;
      try (BufferedReader output =
          new BufferedReader(
              new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
        child = Long.parseLong(output.readLine());
        // the child says so itself once its main class runs
        assertThat(output.readLine()).isEqualTo("child runs");
      }
      assertThat(ProcessHandle.of(child)).isPresent();

      parent.destroyForcibly().waitFor();

      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> ProcessHandle.of(child).map(p -> !p.isAlive()).orElse(true));
    } finally {
      parent.destroyForcibly();
    }
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Starts a child and waits for ever. */
  public static final class Parent {

    public static void main(final String[] args) throws Exception {
      final Path directory = Path.of(args[0]);
      try (Supervisor supervisor = new Supervisor(directory)) {
        final ChildProcess child =
            supervisor.start(
                new ProcessSpec(
                    "child",
                    List.of(java(), "-Xmx64m", Supervised.class.getName(), Child.class.getName()),
                    Map.of("CLASSPATH", System.getProperty("java.class.path")),
                    directory));
        System.out.println(child.pid());
        supervisor.await(
            "The child says nothing",
            Duration.ofSeconds(60),
            () -> Files.readString(child.log()).contains("child runs"));
        System.out.println("child runs");
        Thread.sleep(Long.MAX_VALUE);
      }
    }
  }

  /** Has threads of its own that nobody ends. */
  public static final class Child {

    public static void main(final String[] args) throws Exception {
      new Thread(
              () -> {
                while (true) {
                  try {
                    Thread.sleep(1000);
                  } catch (InterruptedException e) {
                    // deaf, as programs of others may be
                  }
                }
              })
          .start();
      System.out.println("child runs");
    }
  }
}
