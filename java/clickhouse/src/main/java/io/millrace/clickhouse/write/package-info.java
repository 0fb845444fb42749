/** A steady low rate of made-up rows. */
package io.millrace.clickhouse.write;
