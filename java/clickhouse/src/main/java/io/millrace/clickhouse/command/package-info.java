/** The command line of the tables. */
package io.millrace.clickhouse.command;
