package io.millrace.hooks.topic;

import org.apache.avro.Schema;

/**
 * The AVRO schema of a topic and what the broker asks of its next version.
 *
 * @param avro the schema
 * @param compatibility the rule
 */
public record TopicSchema(Schema avro, Compatibility compatibility) {}
