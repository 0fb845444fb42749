/** The tables that hold a domain's aggregated rows: columns, DDL, migration, sharding. */
package io.millrace.clickhouse;
