package io.millrace.local.pipeline;

import com.sun.management.OperatingSystemMXBean;
import io.millrace.local.RunFailedException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the machine can carry a run, asked before anything starts. */
public final class Preflight {

  /** Resident memory of all processes: 4.4 GiB at 50,000 messages per second, and some room. */
  private static final long MEMORY_BYTES = 6L << 30;

  /** A producer's resident memory, at its most. */
  private static final long MEMORY_BYTES_PER_PRODUCER = 384L << 20;

  /** Logs, settings, native libraries, first segments of journals and stores. */
  private static final long FIXED_DISK_BYTES = 2L << 30;

  /** A message lies in the bookie's journal and ledger, compressed, with its share of an index. */
  private static final long DISK_BYTES_PER_MESSAGE = 300;

  private static final Path MEMORY_INFO = Path.of("/proc/meminfo");
  private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");

  private Preflight() {}

  /**
   * @throws RunFailedException if there is too little memory or disk
   */
  public static void check(final RunOptions options, final Path directory) throws IOException {
    requireDisk(
        Files.getFileStore(directory).getUsableSpace(),
        FIXED_DISK_BYTES + DISK_BYTES_PER_MESSAGE * options.rate() * options.duration().toSeconds(),
        directory);
    requireMemory(
        availableMemory(),
        MEMORY_BYTES
            + (options.producers() - 1) * MEMORY_BYTES_PER_PRODUCER
            + ((long) FlinkCluster.extraHeapMb(options.sources()) << 20));
  }

  static void requireDisk(final long available, final long needed, final Path directory) {
    if (available < needed) {
      throw new RunFailedException(
          String.format(
              Locale.ROOT,
              "The disk of %s has %.1f GiB left and this run may need %.1f; make room, or lower"
                  + " --rate or --duration.",
              directory,
              gib(available),
              gib(needed)));
    }
  }

  static void requireMemory(final long available, final long needed) {
    if (available < needed) {
      throw new RunFailedException(
          String.format(
              Locale.ROOT,
              "The machine has %.1f GiB of memory available and a run needs %.1f; end other"
                  + " programs first; more than 100,000 --sources and each of --producers need"
                  + " more.",
              gib(available),
              gib(needed)));
    }
  }

  /** What new processes can get: the system's word on Linux, else all of the machine's memory. */
  private static long availableMemory() throws IOException {
    final long total =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    if (Files.isReadable(MEMORY_INFO)) {
      final Matcher matcher = AVAILABLE.matcher(Files.readString(MEMORY_INFO));
      if (matcher.find()) {
        // a container's limit shows in the total only
        return Math.min(total, Long.parseLong(matcher.group(1)) << 10);
      }
    }
    return total;
  }

  private static double gib(final long bytes) {
    return bytes / (double) (1L << 30);
  }
}
