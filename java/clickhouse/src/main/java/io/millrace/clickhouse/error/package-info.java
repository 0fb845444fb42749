/** What a failed statement says about trying it again. */
package io.millrace.clickhouse.error;
