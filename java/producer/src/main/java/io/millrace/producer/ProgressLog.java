package io.millrace.producer;

import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line about the time since the last one, and a warning if the rate was missed. */
final class ProgressLog {

  private static final Logger LOG = LoggerFactory.getLogger(ProgressLog.class);

  private final Lanes lanes;
  private final TargetRate rate;
  private final PublishLatency latency;
  private long lastNanos;
  private long lastSent;
  private long lastSkipped;

  ProgressLog(
      final Lanes lanes,
      final TargetRate rate,
      final PublishLatency latency,
      final long startNanos) {
    this.lanes = lanes;
    this.rate = rate;
    this.latency = latency;
    this.lastNanos = startNanos;
  }

  void line(final long nowNanos) {
    final long sent = lanes.sent();
    final double perSecond = (sent - lastSent) * 1e9 / Math.max(1, nowNanos - lastNanos);
    LOG.info(format("Sent %,d messages, %,.0f msg/s, %s", sent, perSecond, p99()));
    final long skipped = lanes.skipped();
    if (skipped > lastSkipped) {
      LOG.warn(
          format(
              "Cannot keep up: asked for %,.0f msg/s, sent %,.0f msg/s; %,d messages unconfirmed,"
                  + " %,d skipped so far, %d of %d partitions connected",
              rate.messagesPerSecond(),
              perSecond,
              lanes.unconfirmed(),
              skipped,
              lanes.connected(),
              lanes.all().size()));
    }
    lastNanos = nowNanos;
    lastSent = sent;
    lastSkipped = skipped;
  }

  private String p99() {
    final Double millis = latency.interval().p99();
    return millis == null ? "none confirmed" : format("p99 %.1f ms", millis);
  }

  private static String format(final String pattern, final Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
