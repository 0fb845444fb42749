package io.millrace.audit;

import io.millrace.audit.PayloadDecoder.UndecodableException;
import java.time.Duration;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/**
 * Which messages are events and which are dead letters, by plain Avro and plain comparisons: an
 * event is exactly one record, its readings are numbers below 2^960, and its time is believable.
 * The pipeline judges a time by the moment at which the broker stored the message. Where the broker
 * does not stamp what it stores, only the pipeline knows what it took for that moment, and near the
 * bounds both verdicts are right. Not thread-safe.
 */
final class EventRules {

  /**
   * Which event times are believed.
   *
   * @param maxAhead of the moment at which the broker stored them
   * @param maxAge before it
   */
  record Times(Duration maxAhead, Duration maxAge) {}

  /** Where a message belongs. */
  enum Place {
    ROW,
    DEAD_LETTER,
    EITHER
  }

  /**
   * The verdict.
   *
   * @param event {@code null} of what cannot be decoded; overwritten by the next message
   * @param reason why it is no event; {@code null} of one
   */
  record Judgement(Place place, GenericRecord event, String reason) {}

  /** Readings from here on can have sums that are not finite. */
  private static final double TOO_LARGE = 0x1p960;

  /** How far the clocks of producers, TaskManagers and the audit may be apart, milliseconds. */
  static final long SKEW = 60_000;

  private final AuditedDomain domain;
  private final PayloadDecoder decoder;
  private final long maxAhead;
  private final long maxAge;

  EventRules(final AuditedDomain domain, final Times times) {
    this.domain = domain;
    this.decoder = new PayloadDecoder(domain.schema());
    this.maxAhead = times.maxAhead().toMillis();
    this.maxAge = times.maxAge().toMillis();
  }

  Judgement judge(final TopicMessage message) {
    final GenericRecord event;
    try {
      event = decoder.decode(message.writer(), message.payload());
    } catch (UndecodableException e) {
      return new Judgement(Place.DEAD_LETTER, null, e.getMessage());
    }
    for (Schema.Field field : domain.schema().getFields()) {
      final Object value = event.get(field.pos());
      final boolean real = value instanceof Double || value instanceof Float;
      // the comparison is false for NaN
      if (real && !(Math.abs(((Number) value).doubleValue()) < TOO_LARGE)) {
        return new Judgement(Place.DEAD_LETTER, event, field.name() + " is " + value);
      }
    }
    return new Judgement(
        placeByTime(message, (Long) event.get(domain.time().position())),
        event,
        "event time " + event.get(domain.time().position()));
  }

  private Place placeByTime(final TopicMessage message, final long time) {
    final long uncertain = message.stamped() ? 0 : SKEW;
    final long storedAt = message.storedAt();
    if (time > storedAt + maxAhead + uncertain || time < storedAt - maxAge - uncertain) {
      return Place.DEAD_LETTER;
    }
    return time > storedAt + maxAhead - uncertain || time < storedAt - maxAge + uncertain
        ? Place.EITHER
        : Place.ROW;
  }
}
