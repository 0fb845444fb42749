/** Queries as people and dashboards ask them, and how long they take. */
package io.millrace.clickhouse.query;
