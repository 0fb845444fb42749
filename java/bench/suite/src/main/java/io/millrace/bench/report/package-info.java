/** What benchmarks report: figures, tables, and the machine they come from. */
package io.millrace.bench.report;
