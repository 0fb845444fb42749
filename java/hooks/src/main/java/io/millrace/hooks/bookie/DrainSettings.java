package io.millrace.hooks.bookie;

import java.time.Duration;

/**
 * Limits of a drain.
 *
 * @param ensembleSize bookies that a new ledger needs, at least 1
 * @param maxDiskUsage highest usage of the remaining bookies' disks after the drain, in (0, 1]
 * @param writerGrace how long a writer may take to leave a read-only bookie by itself
 * @param timeout longest drain of all bookies together
 */
public record DrainSettings(
    int ensembleSize, double maxDiskUsage, Duration writerGrace, Duration timeout) {
  public DrainSettings {
    if (ensembleSize < 1) {
      throw new IllegalArgumentException(
          "ensemble size is " + ensembleSize + ", expected at least 1");
    }
    if (!(maxDiskUsage > 0 && maxDiskUsage <= 1)) {
      throw new IllegalArgumentException(
          "highest disk usage is " + maxDiskUsage + ", expected a fraction above 0 and up to 1");
    }
  }
}
