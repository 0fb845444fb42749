/**
 * Measurements on one machine: ours beside the usual way and beside the limit, in turns, on the
 * same data. A new one implements {@link io.millrace.bench.Benchmark} and joins {@link
 * io.millrace.bench.Benchmarks}.
 */
package io.millrace.bench;
