package io.millrace.bench.report;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where figures come from. Without it they say little.
 *
 * @param cpu model, as the kernel names it
 * @param cores that programs here may use
 * @param memoryGib of the machine
 * @param kernel name and version
 * @param jdk version and virtual machine
 * @param loadAverage of the last minute before the measurement; negative if unknown
 * @param versions of what is measured
 */
public record MachineFacts(
    String cpu,
    int cores,
    double memoryGib,
    String kernel,
    String jdk,
    double loadAverage,
    Map<String, String> versions) {

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /**
   * The facts now.
   *
   * @throws IOException if the versions are missing from the build
   */
  public static MachineFacts collect() throws IOException {
    final OperatingSystemMXBean system =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new MachineFacts(
        cpuModel(),
        Runtime.getRuntime().availableProcessors(),
        Math.round(system.getTotalMemorySize() / (double) (1 << 30) * 10) / 10.0,
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        Runtime.version() + " " + System.getProperty("java.vm.name"),
        Math.round(system.getSystemLoadAverage() * 100) / 100.0,
        builtWith());
  }

  private static String cpuModel() throws IOException {
    if (!Files.isReadable(CPU_INFO)) {
      return System.getProperty("os.arch");
    }
    try (Stream<String> lines = Files.lines(CPU_INFO)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    }
  }

  private static Map<String, String> builtWith() throws IOException {
    final Properties properties = new Properties();
    try (InputStream file =
        MachineFacts.class.getResourceAsStream("/io/millrace/bench/versions.properties")) {
      properties.load(file);
    }
    final Map<String, String> versions = new TreeMap<>();
    properties.stringPropertyNames().forEach(n -> versions.put(n, properties.getProperty(n)));
    return versions;
  }
}
