package io.millrace.local.pipeline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Flags of a JVM that belongs to a run. Immutable. */
public final class JvmFlags {

  private final List<String> flags;

  private JvmFlags(final List<String> flags) {
    this.flags = flags;
  }

  /**
   * A JVM that leaves nothing outside the run's directory and dies when its heap is exhausted.
   *
   * @param heap largest heap, such as {@code 512m}
   */
  public static JvmFlags of(final RunDirectory run, final String heap) {
    final Path temporary = run.temporary();
    return new JvmFlags(
        List.of(
            "-Xmx" + heap,
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            "-XX:ErrorFile=" + run.logs().resolve("hs_err_%p.log"),
            "-Djava.io.tmpdir=" + temporary,
            "-Djna.tmpdir=" + temporary));
  }

  public JvmFlags with(final String... more) {
    final List<String> all = new ArrayList<>(flags);
    all.addAll(Arrays.asList(more));
    return new JvmFlags(List.copyOf(all));
  }

  /**
   * Opens packages of the JDK to libraries that reach into it.
   *
   * @param packages as {@code module/package}
   */
  public JvmFlags opening(final String... packages) {
    return with(
        Arrays.stream(packages)
            .map(p -> "--add-opens=" + p + "=ALL-UNNAMED")
            .toArray(String[]::new));
  }

  public List<String> list() {
    return flags;
  }
}
