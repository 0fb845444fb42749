package io.millrace.bench.pipeline;

import io.millrace.local.process.ChildProcess;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Processor time that processes have used since they started, by name, as the kernel counts it for
 * user and system. Immutable.
 */
record CpuTime(Map<String, Duration> byProcess) {

  static CpuTime of(final List<ChildProcess> processes) {
    final Map<String, Duration> times = new LinkedHashMap<>();
    for (final ChildProcess process : processes) {
      times.put(
          process.name(),
          ProcessHandle.of(process.pid())
              .flatMap(handle -> handle.info().totalCpuDuration())
              .orElse(Duration.ZERO));
    }
    return new CpuTime(Map.copyOf(times));
  }

  /** Seconds of each process since an earlier look, for so many messages, per million of them. */
  Map<String, Double> perMillionSince(final CpuTime earlier, final long messages) {
    final Map<String, Double> seconds = new LinkedHashMap<>();
    byProcess.keySet().stream()
        .sorted()
        .forEach(
            name ->
                seconds.put(
                    name,
                    rounded(
                        byProcess
                                .get(name)
                                .minus(earlier.byProcess.getOrDefault(name, Duration.ZERO))
                                .toMillis()
                            / 1e3
                            / (messages / 1e6))));
    return seconds;
  }

  private static double rounded(final double seconds) {
    return Math.round(seconds * 1000) / 1000.0;
  }
}
