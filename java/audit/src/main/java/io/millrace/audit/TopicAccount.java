package io.millrace.audit;

import io.millrace.audit.EventRules.Judgement;
import io.millrace.audit.Findings.Fault;
import io.millrace.audit.TakenOut.Copy;
import io.millrace.audit.TakenOut.Side;
import java.util.Map;

/**
 * Accounts for every message of the topic: an event in a row or, when its window was closed, among
 * the late ones, unless its row was restated since; anything else among the dead letters. Not
 * thread-safe.
 */
final class TopicAccount {

  private final AuditedDomain domain;
  private final TimeRange range;
  private final EventRules rules;
  private final TakenOut takenOut;
  private final RestatedRows restatedRows;
  private final ExpectedRows rows;
  private final Findings findings;
  private final Sequences sequences;
  private final Lateness lateness;
  private final ProducerAccounts producers = new ProducerAccounts();
  private long messages;
  private long restated;

  /**
   * @param range that is audited; messages outside of it are looked at for what they say about
   *     those within
   * @param policy by which the job judges lateness
   */
  TopicAccount(
      final AuditedDomain domain,
      final TimeRange range,
      final EventRules rules,
      final Lateness.Policy policy,
      final TakenOut takenOut,
      final RestatedRows restatedRows,
      final ExpectedRows rows,
      final Findings findings) {
    this.domain = domain;
    this.range = range;
    this.rules = rules;
    this.takenOut = takenOut;
    this.restatedRows = restatedRows;
    this.rows = rows;
    this.findings = findings;
    this.sequences = new Sequences(range.isAll(), findings);
    this.lateness = new Lateness(policy, findings);
  }

  /** What became of each producer's messages so far. */
  ProducerAccounts producers() {
    return producers;
  }

  /** Late events that were taken back into their rows. */
  long restated() {
    return restated;
  }

  /** Messages that are audited. */
  long messages() {
    return messages;
  }

  /** Accounts for one message; messages of a partition come in its order. */
  void add(final TopicMessage message) {
    sequences.add(message);
    final Judgement judgement = rules.judge(message);
    final Copy copy = takenOut.take(message);
    if (range.contains(audited(message, judgement))) {
      messages++;
      account(message, judgement, copy);
    }
    if (judgement.place() == EventRules.Place.DEAD_LETTER) {
      lateness.noEvent(message);
    } else {
      lateness.event(message, timeOf(judgement));
    }
  }

  /**
   * After the last message.
   *
   * @param confirmed what the producers saw confirmed, by their names
   */
  void finish(final Map<String, ProducerReports.Confirmed> confirmed) {
    sequences.finish(confirmed);
    lateness.finish();
  }

  /** The time by which a message is within the range or not. */
  private long audited(final TopicMessage message, final Judgement judgement) {
    return judgement.place() == EventRules.Place.DEAD_LETTER
        ? message.storedAt()
        : ExpectedRows.windowOf(timeOf(judgement));
  }

  private long timeOf(final Judgement judgement) {
    return (Long) judgement.event().get(domain.time().position());
  }

  private void account(final TopicMessage message, final Judgement judgement, final Copy copy) {
    if (copy == null) {
      addToRow(message, judgement);
      return;
    }
    if (copy.side() == Side.LATE && isRestated(message, judgement)) {
      takenOut.acceptRestated(message, copy);
      restated++;
      addToRow(message, judgement);
      return;
    }
    takenOut.accept(message, copy);
    if (copy.side() == Side.DEAD_LETTER) {
      producers.add(message.producer(), ProducerAccounts.Place.DEAD_LETTER);
      if (judgement.place() == EventRules.Place.ROW) {
        misplaced("an event among the dead letters", message, "a row", copy.reason());
      }
    } else {
      producers.add(message.producer(), ProducerAccounts.Place.LATE);
      checkLate(message, judgement);
    }
  }

  private boolean isRestated(final TopicMessage message, final Judgement judgement) {
    return judgement.place() != EventRules.Place.DEAD_LETTER
        && restatedRows.count(
            ((Number) judgement.event().get(domain.key().position())).longValue(),
            timeOf(judgement),
            message.storedAt());
  }

  private void addToRow(final TopicMessage message, final Judgement judgement) {
    if (judgement.place() == EventRules.Place.DEAD_LETTER) {
      findings.add(
          Fault.LOST,
          1,
          "no event and no dead letter",
          message.id().toString(),
          "a dead letter",
          judgement.reason());
      return;
    }
    producers.add(message.producer(), ProducerAccounts.Place.ROW);
    rows.add(judgement.event(), message.id().partition());
  }

  private void checkLate(final TopicMessage message, final Judgement judgement) {
    if (judgement.place() == EventRules.Place.DEAD_LETTER) {
      misplaced("no event, yet among the late ones", message, "a dead letter", judgement.reason());
      return;
    }
    lateness.checkLate(
        message, ExpectedRows.windowOf(timeOf(judgement)) + ExpectedRows.WINDOW_MILLIS);
  }

  private void misplaced(
      final String what, final TopicMessage message, final String expected, final String actual) {
    findings.add(Fault.MISPLACED, 1, what, message.id().toString(), expected, actual);
  }
}
