package io.millrace.flink.source;

import org.apache.flink.api.connector.source.SourceEvent;

/**
 * Tells a reader how far the event time of all partitions has come that know one. Immutable.
 *
 * @param watermark milliseconds since the epoch
 */
record TopicWatermark(long watermark) implements SourceEvent {

  private static final long serialVersionUID = 1L;
}
