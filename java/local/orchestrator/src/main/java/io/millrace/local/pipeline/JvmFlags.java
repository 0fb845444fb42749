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

  /**
   * The same for a server of Pulsar's, whose libraries reach into the JDK.
   *
   * @param heap largest heap, such as {@code 512m}
   * @param directMemory the most outside of it, likewise
   */
  static JvmFlags ofPulsar(final RunDirectory run, final String heap, final String directMemory) {
    return of(run, heap)
        .with(
            "-XX:MaxDirectMemorySize=" + directMemory, "-Dio.netty.tryReflectionSetAccessible=true")
        .opening(
            "java.base/java.lang",
            "java.base/java.nio",
            "java.base/java.util.zip",
            "java.base/jdk.internal.misc",
            "java.base/jdk.internal.platform",
            "java.base/sun.net",
            "java.management/sun.management");
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
