package io.millrace.audit;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What became of each producer's messages. The producers of one process, which differ by a number
 * at the end of their names, are one. Not thread-safe.
 */
final class ProducerAccounts {

  /** Where a message is. */
  enum Place {
    ROW,
    LATE,
    DEAD_LETTER
  }

  private static final Pattern NUMBER = Pattern.compile("-p?\\d+$");
  private static final int MAX_NAMES = 100;
  private static final String OTHERS = "others";

  private final Map<String, long[]> byProducer = new HashMap<>();
  private final Map<String, long[]> byProcess = new TreeMap<>();
  private String lastProducer;
  private long[] lastCounts;

  void add(final String producer, final Place place) {
    if (!producer.equals(lastProducer)) {
      lastCounts = byProducer.computeIfAbsent(producer, this::countsOfProcess);
      lastProducer = producer;
    }
    lastCounts[place.ordinal()]++;
  }

  private long[] countsOfProcess(final String producer) {
    final String process = NUMBER.matcher(producer).replaceFirst("");
    return byProcess.computeIfAbsent(
        byProcess.size() < MAX_NAMES || byProcess.containsKey(process) ? process : OTHERS,
        name -> new long[Place.values().length]);
  }

  /** The counts by name, in the order of the names. */
  Map<String, AuditReport.ProducerAccount> accounts() {
    final Map<String, AuditReport.ProducerAccount> accounts = new TreeMap<>();
    byProcess.forEach(
        (name, counts) ->
            accounts.put(
                name,
                new AuditReport.ProducerAccount(
                    counts[Place.ROW.ordinal()],
                    counts[Place.LATE.ordinal()],
                    counts[Place.DEAD_LETTER.ordinal()])));
    return accounts;
  }
}
