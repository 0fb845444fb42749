package io.millrace.flink.side;

/** A message that leaves the main path as it came, with its origin. Public fields: a Flink POJO. */
public final class RawMessage {

  /** Partition of the topic it came from. */
  public int partition;

  public long ledger;

  public long entry;

  /** Index in its batch; -1 if it came alone. */
  public int batchIndex;

  /** When its entry was stored there, milliseconds since the epoch. */
  public long storedAt;

  /** Version of the schema it was sent with, as the broker names it; empty for none. */
  public byte[] schemaVersion;

  /** Why it left: for dead letters what is wrong, for late events the watermark it missed. */
  public String reason;

  /** The bytes as they came. */
  public byte[] payload;

  /** For Flink. */
  public RawMessage() {}

  public RawMessage(
      final int partition,
      final long ledger,
      final long entry,
      final int batchIndex,
      final long storedAt,
      final byte[] schemaVersion,
      final String reason,
      final byte[] payload) {
    this.partition = partition;
    this.ledger = ledger;
    this.entry = entry;
    this.batchIndex = batchIndex;
    this.storedAt = storedAt;
    this.schemaVersion = schemaVersion;
    this.reason = reason;
    this.payload = payload;
  }
}
