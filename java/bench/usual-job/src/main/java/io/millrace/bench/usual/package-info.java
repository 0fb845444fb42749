/**
 * The aggregation of the iot domain as a good engineer writes it in an afternoon with what Flink
 * and its connectors offer: Avro's generic records, plain objects, string keys, the window
 * operator, the JDBC connector. Its options are the best that were found for it. It is measured,
 * not used.
 */
package io.millrace.bench.usual;
