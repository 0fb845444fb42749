package io.millrace.audit;

import java.util.Map;
import org.apache.avro.Schema;

/**
 * A message as it stands in a topic.
 *
 * @param sequenceId as given by its producer
 * @param storedAt by the broker's clock, milliseconds since the epoch; if the broker does not stamp
 *     what it stores, when it was published by the producer's clock
 * @param stamped whether the broker does
 * @param writer schema the payload is written in, {@link WriterSchemas#NONE} if it cannot be known
 *     or the payload cannot be unpacked, or null in a topic of plain bytes
 */
record TopicMessage(
    Origin id,
    String producer,
    long sequenceId,
    long storedAt,
    boolean stamped,
    Schema writer,
    byte[] payload,
    Map<String, String> properties) {}
