package io.millrace.flink.sink;

import io.millrace.clickhouse.error.Diagnosis;
import io.millrace.clickhouse.error.Trouble.Outlook;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether an insert that failed is tried again: what passes by itself for ever, what a
 * person has to mend never, and what is not known for ten minutes. Says so at the first failure and
 * once a minute. One thread reports failures; any thread may ask how long they last.
 */
final class FailingInsert {

  private static final Logger LOG = LoggerFactory.getLogger(FailingInsert.class);

  /** Longer than a server takes to restart, shorter than people should wait to be told. */
  private static final Duration UNCERTAIN_FOR = Duration.ofMinutes(10);

  private static final Duration REMINDER = Duration.ofMinutes(1);
  private static final double NANOS_PER_SECOND = 1e9;

  private final LongSupplier nanoClock;
  private volatile boolean failing;
  private volatile long firstAt;
  private boolean uncertain;
  private long uncertainSince;
  private long remindedAt;
  private int failures;

  /**
   * @param nanoClock as {@link System#nanoTime}
   */
  FailingInsert(final LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** Seconds since the first failure of the batch that is being inserted; 0 if it has none. */
  double seconds() {
    return failing ? (nanoClock.getAsLong() - firstAt) / NANOS_PER_SECOND : 0;
  }

  /**
   * Takes note of a failure.
   *
   * @param url of the replica that was asked
   * @param table of the rows, for people
   * @throws IOException if trying again is of no use
   */
  void failed(
      final RowBatch batch, final String url, final String table, final SQLException failure)
      throws IOException {
    final long now = nanoClock.getAsLong();
    final boolean first = !failing;
    if (first) {
      firstAt = now;
      failing = true;
    }
    failures++;
    final Diagnosis diagnosis = Diagnosis.of(failure);
    final Outlook outlook = diagnosis.trouble().outlook();
    if (outlook == Outlook.STAYS) {
      throw refusal("", batch, url, table, diagnosis, failure);
    }
    if (outlook == Outlook.UNCERTAIN) {
      if (!uncertain) {
        uncertain = true;
        uncertainSince = now;
      }
      if (now - uncertainSince >= UNCERTAIN_FOR.toNanos()) {
        throw refusal(
            String.format(
                Locale.ROOT,
                ", after %d attempts in %d minutes",
                failures,
                UNCERTAIN_FOR.toMinutes()),
            batch,
            url,
            table,
            diagnosis,
            failure);
      }
    }
    if (first || now - remindedAt >= REMINDER.toNanos()) {
      remindedAt = now;
      LOG.warn(
          "ClickHouse at {} did not take batch {} of {} rows for {} ({}); attempt {}, {} s since"
              + " the first; it is tried again {}, meanwhile {}. It says: {}",
          url,
          batch.token(),
          batch.rows(),
          table,
          diagnosis.text(),
          failures,
          Math.round(seconds()),
          uncertain ? "for " + UNCERTAIN_FOR.toMinutes() + " minutes" : "until it is in",
          diagnosis.trouble().advice(),
          failure.getMessage());
    }
  }

  private static IOException refusal(
      final String tried,
      final RowBatch batch,
      final String url,
      final String table,
      final Diagnosis diagnosis,
      final SQLException failure) {
    return new IOException(
        String.format(
            Locale.ROOT,
            "ClickHouse at %s refuses batch %s for %s with %s%s; %s. It says: %s",
            url,
            batch.token(),
            table,
            diagnosis.text(),
            tried,
            diagnosis.trouble().advice(),
            failure.getMessage()),
        failure);
  }

  /** The batch is in. */
  void succeeded(final RowBatch batch) {
    if (failing) {
      LOG.info(
          "Batch {} is in, {} s after the first of {} failures",
          batch.token(),
          Math.round(seconds()),
          failures);
    }
    failing = false;
    uncertain = false;
    failures = 0;
  }
}
