/** The job's inserts beside the fastest there are. */
package io.millrace.bench.clickhouse;
