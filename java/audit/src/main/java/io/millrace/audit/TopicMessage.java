package io.millrace.audit;

import java.util.Map;
import org.apache.avro.Schema;

/**
 * A message as it stands in a topic.
 *
 * @param sequenceId as given by its producer
 * @param writer schema the payload is written in, or null in a topic of plain bytes
 */
record TopicMessage(
    Origin id,
    String producer,
    long sequenceId,
    Schema writer,
    byte[] payload,
    Map<String, String> properties) {}
