package io.millrace.flink.source;

import org.apache.flink.api.connector.source.SourceEvent;

/**
 * Tells the enumerator how far a reader's event time has come. Immutable.
 *
 * @param watermark least of its partitions that know a time of their own, milliseconds since the
 *     epoch; {@link #UNKNOWN} if one of them has none yet; {@link #NO_PARTITION} if it has none
 * @param follows whether the reader has nothing to go by, or partitions without it, and wants to
 *     hear of the others
 */
record ReaderWatermark(long watermark, boolean follows) implements SourceEvent {

  static final long UNKNOWN = Long.MIN_VALUE;
  static final long NO_PARTITION = Long.MAX_VALUE;

  private static final long serialVersionUID = 1L;
}
