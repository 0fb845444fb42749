/**
 * The independent audit: recomputes every aggregated row from the messages of the topic and
 * compares it with what ClickHouse holds. It shares no code with the pipeline it judges, only the
 * domain files.
 */
package io.millrace.audit;
