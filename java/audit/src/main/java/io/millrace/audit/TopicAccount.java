package io.millrace.audit;

import io.millrace.audit.Findings.Fault;
import io.millrace.audit.PayloadDecoder.UndecodableException;

/**
 * Accounts for every message of the topic: taken out, or expected in a row, or lost because it is
 * neither an event nor a dead letter. Not thread-safe.
 */
final class TopicAccount {

  private final TakenOut takenOut;
  private final ExpectedRows rows;
  private final Findings findings;
  private final Sequences sequences;
  private final PayloadDecoder decoder;

  TopicAccount(
      final AuditedDomain domain,
      final TakenOut takenOut,
      final ExpectedRows rows,
      final Findings findings) {
    this.takenOut = takenOut;
    this.rows = rows;
    this.findings = findings;
    this.sequences = new Sequences(findings);
    this.decoder = new PayloadDecoder(domain.schema());
  }

  /** Accounts for one message; messages of a partition come in its order. */
  void add(final TopicMessage message) {
    sequences.add(message);
    if (takenOut.take(message)) {
      return;
    }
    try {
      rows.add(decoder.decode(message.writer(), message.payload()));
    } catch (UndecodableException e) {
      findings.add(
          Fault.LOST,
          1,
          "undecodable and no dead letter",
          message.id().toString(),
          "a dead letter",
          e.getMessage());
    }
  }
}
