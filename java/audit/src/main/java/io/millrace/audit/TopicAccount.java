package io.millrace.audit;

import io.millrace.audit.EventRules.Judgement;
import io.millrace.audit.Findings.Fault;
import io.millrace.audit.TakenOut.Copy;
import io.millrace.audit.TakenOut.Side;

/**
 * Accounts for every message of the topic: an event in a row or, when its window was closed, among
 * the late ones; anything else among the dead letters. Not thread-safe.
 */
final class TopicAccount {

  private final AuditedDomain domain;
  private final EventRules rules;
  private final TakenOut takenOut;
  private final ExpectedRows rows;
  private final Findings findings;
  private final Sequences sequences;
  private final ProducerAccounts producers = new ProducerAccounts();

  TopicAccount(
      final AuditedDomain domain,
      final EventRules rules,
      final TakenOut takenOut,
      final ExpectedRows rows,
      final Findings findings) {
    this.domain = domain;
    this.rules = rules;
    this.takenOut = takenOut;
    this.rows = rows;
    this.findings = findings;
    this.sequences = new Sequences(findings);
  }

  /** What became of each producer's messages so far. */
  ProducerAccounts producers() {
    return producers;
  }

  /** Accounts for one message; messages of a partition come in its order. */
  void add(final TopicMessage message) {
    sequences.add(message);
    final Judgement judgement = rules.judge(message);
    final Copy copy = takenOut.take(message);
    if (copy == null) {
      addToRow(message, judgement);
    } else if (copy.side() == Side.DEAD_LETTER) {
      producers.add(message.producer(), ProducerAccounts.Place.DEAD_LETTER);
      if (judgement.place() == EventRules.Place.ROW) {
        misplaced("an event among the dead letters", message, "a row", copy.reason());
      }
    } else {
      producers.add(message.producer(), ProducerAccounts.Place.LATE);
      checkLate(message, judgement, copy);
    }
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

  private void checkLate(final TopicMessage message, final Judgement judgement, final Copy copy) {
    if (judgement.place() == EventRules.Place.DEAD_LETTER) {
      misplaced("no event, yet among the late ones", message, "a dead letter", judgement.reason());
      return;
    }
    final long time = (Long) judgement.event().get(domain.time().position());
    final long lastOfWindow = ExpectedRows.windowOf(time) + ExpectedRows.WINDOW_MILLIS - 1;
    if (copy.watermark() < lastOfWindow) {
      misplaced(
          "late although its window was open",
          message,
          "a watermark of " + lastOfWindow + " or more",
          copy.reason());
    }
  }

  private void misplaced(
      final String what, final TopicMessage message, final String expected, final String actual) {
    findings.add(Fault.MISPLACED, 1, what, message.id().toString(), expected, actual);
  }
}
