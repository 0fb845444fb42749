package io.millrace.clickhouse;

import java.nio.charset.StandardCharsets;
import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;

/**
 * On which shard the rows of a source lie: XXH64 (seed 0) of the source's text in UTF-8, modulo the
 * number of shards. The same as ClickHouse's {@code xxHash64}, which is the sharding key of the
 * Distributed table, so that writers can address a shard directly and queries can skip the others.
 *
 * <p>Shards are assumed to have equal weights. Thread-safe.
 *
 * @see <a href="https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md">xxHash</a>
 */
public final class SourceSharding {

  private static final XXHash64 XXH64 = XXHashFactory.fastestJavaInstance().hash64();

  private SourceSharding() {}

  /**
   * The shard of a source.
   *
   * @param source as the key column shows it: the text of its format, or its decimal digits
   * @param shards number of shards, at least 1
   * @return from 0 to {@code shards - 1}, in the order of the cluster's definition
   */
  public static int shardOf(final String source, final int shards) {
    final byte[] text = source.getBytes(StandardCharsets.UTF_8);
    return (int) Long.remainderUnsigned(XXH64.hash(text, 0, text.length, 0), shards);
  }

  /** The sharding key of the Distributed table. */
  static String sql(final RowColumn key) {
    return key.type() == ColumnType.STRING
        ? "xxHash64(" + key.sql() + ")"
        : "xxHash64(toString(" + key.sql() + "))";
  }
}
