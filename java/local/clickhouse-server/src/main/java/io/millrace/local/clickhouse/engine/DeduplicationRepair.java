package io.millrace.local.clickhouse.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Takes back deduplication tokens of inserts that were never stored.
 *
 * <p>A MergeTree table notes an insert's token in its deduplication log just before it commits the
 * part, both under one lock. A process killed between the two leaves a token without rows, and
 * ClickHouse would drop the client's repeated insert as a duplicate: the rows would be lost.
 * Therefore, before clients are let in, the last part that the log names is looked up; when no part
 * holds its block, its records are removed, and the table is loaded anew.
 */
public final class DeduplicationRepair {

  private static final String TABLES =
      """
      SELECT database, name, arrayJoin(data_paths) FROM system.tables
      WHERE engine LIKE '%MergeTree' AND database NOT IN ('system', 'INFORMATION_SCHEMA')
      FORMAT TSVRaw
      """;

  private static final Pattern LOG_FILE = Pattern.compile("deduplication_log_(\\d+)\\.txt");
  private static final Pattern PART_NAME = Pattern.compile("(.+)_(\\d+)_(\\d+)_(\\d+)");
  private static final String ADD = "1";

  private final EngineConnection connection;

  /** Makes a repair that uses the connection. */
  public DeduplicationRepair(EngineConnection connection) {
    this.connection = connection;
  }

  /**
   * Looks at every table.
   *
   * @return one sentence per token taken back
   */
  public List<String> run() throws EngineException, IOException {
    List<String> repaired = new ArrayList<>();
    for (String line : connection.execute(TABLES).lines().toList()) {
      String[] row = line.split("\t");
      Path logs = Path.of(row[2]).resolve("deduplication_logs");
      Optional<Path> last = lastLog(logs);
      if (last.isPresent()) {
        Optional<String> part = repair(quoted(row[0]) + "." + quoted(row[1]), row, last.get());
        part.ifPresent(
            name ->
                repaired.add(
                    "Took back the token of %s in %s.%s: its insert was not stored."
                        .formatted(name, row[0], row[1])));
      }
    }
    return repaired;
  }

  private Optional<String> repair(String table, String[] row, Path log)
      throws EngineException, IOException {
    List<String> records = Files.readAllLines(log);
    if (records.isEmpty()) {
      return Optional.empty();
    }
    String[] last = records.get(records.size() - 1).split("\t");
    // A drop that follows means that the part was there.
    if (!last[0].equals(ADD) || isStored(row, last[1])) {
      return Optional.empty();
    }
    List<String> kept = new ArrayList<>(records);
    String ofPart = ADD + '\t' + last[1] + '\t';
    while (!kept.isEmpty() && kept.get(kept.size() - 1).startsWith(ofPart)) {
      kept.remove(kept.size() - 1);
    }
    connection.execute("DETACH TABLE " + table);
    Path written = log.getParent().resolveSibling("deduplication_log.tmp");
    Files.write(written, kept);
    Files.move(written, log, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    connection.execute("ATTACH TABLE " + table);
    return Optional.of(last[1]);
  }

  private boolean isStored(String[] row, String partName) throws EngineException {
    Matcher part = PART_NAME.matcher(partName);
    if (!part.matches()) {
      throw new IllegalStateException("Unknown part name in a deduplication log: " + partName);
    }
    return !connection
        .execute(
            """
            SELECT count() FROM system.parts
            WHERE database = '%s' AND table = '%s' AND partition_id = '%s'
              AND min_block_number <= %s AND max_block_number >= %s
            """
                .formatted(
                    escaped(row[0]), escaped(row[1]), part.group(1), part.group(2), part.group(3)))
        .strip()
        .equals("0");
  }

  /** Returns the newest log that is not empty. */
  private static Optional<Path> lastLog(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> number(file) >= 0 && file.toFile().length() > 0)
          .max(Comparator.comparingLong(DeduplicationRepair::number));
    }
  }

  private static long number(Path file) {
    Matcher name = LOG_FILE.matcher(file.getFileName().toString());
    return name.matches() ? Long.parseLong(name.group(1)) : -1;
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("'", "\\'");
  }

  private static String quoted(String name) {
    return '`' + name.replace("\\", "\\\\").replace("`", "\\`") + '`';
  }
}
