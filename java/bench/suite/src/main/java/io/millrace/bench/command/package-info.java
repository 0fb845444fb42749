/** The command line of the benchmarks. */
package io.millrace.bench.command;
