package io.millrace.flink.source;

import java.util.List;

/**
 * What the enumerator knows at a checkpoint. Immutable.
 *
 * @param discovered number of partitions that were ever discovered
 * @param unassigned those of them that no reader has yet
 */
public record EnumeratorState(int discovered, List<PartitionSplit> unassigned) {

  public EnumeratorState {
    unassigned = List.copyOf(unassigned);
  }
}
