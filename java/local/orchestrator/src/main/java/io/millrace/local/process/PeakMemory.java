package io.millrace.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The most resident memory that processes ever had, by name, as the Linux kernel keeps it
 * (proc_pid_status(5), {@code VmHWM}). Knows nothing on other systems. Thread-safe.
 */
final class PeakMemory {

  private static final Path PROCESSES = Path.of("/proc");
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

  private final Map<String, Long> bytes = new TreeMap<>();

  /** Looks at a process while it lives; what it has after the last look is not known. */
  synchronized void look(final String name, final long pid) {
    try {
      final Matcher matcher =
          PEAK.matcher(Files.readString(PROCESSES.resolve(Long.toString(pid)).resolve("status")));
      if (matcher.find()) {
        bytes.merge(name, Long.parseLong(matcher.group(1)) << 10, Math::max);
      }
    } catch (IOException e) {
      // it has just ended, or the system is another one: the last look stands
    }
  }

  /** Bytes by the processes' names; of a process that was started again, the larger peak. */
  synchronized Map<String, Long> bytes() {
    return Map.copyOf(bytes);
  }
}
