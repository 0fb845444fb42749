package io.millrace.flink.sink;

/**
 * Rows that are inserted together, once their checkpoint is complete. The token is made once, when
 * the batch is closed, and lives in the checkpoint with it: every attempt to insert the batch, by
 * whatever process, carries the same token, and no other batch ever has it.
 *
 * @param token deduplication token
 * @param shard where the rows belong, from 0
 * @param rows number of rows
 * @param words the rows, one after the other, in the job's current layout
 */
public record RowBatch(String token, int shard, int rows, long[] words) {}
