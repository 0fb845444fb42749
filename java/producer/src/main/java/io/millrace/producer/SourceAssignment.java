package io.millrace.producer;

import io.millrace.events.SourcePartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which sources a producer sends, and to which partitions.
 *
 * <p>Replica {@code o} of {@code r} owns the sources {@code s} with {@code s % r == o}. A source's
 * partition depends on its number and the number of partitions alone, so that it stays where it is
 * when the replicas change. Immutable.
 *
 * @param sources event sources of all replicas together, numbered from 0
 * @param ordinal number of this replica, from 0
 * @param replicas producers that share the sources, at most as many as sources
 * @param hotShare of all messages that source 0 sends, from 0 to below 1; with 0 every source sends
 *     as many as any other
 */
record SourceAssignment(int sources, int ordinal, int replicas, double hotShare) {

  /** All sources send the same number of messages. */
  SourceAssignment(final int sources, final int ordinal, final int replicas) {
    this(sources, ordinal, replicas, 0);
  }

  SourceAssignment {
    if (!(hotShare >= 0 && hotShare < 1) || hotShare > 0 && sources < 2) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "A hot source's share of %s with %d sources", hotShare, sources));
    }
    if (sources < 1 || replicas < 1 || replicas > sources || ordinal < 0 || ordinal >= replicas) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Ordinal %d of %d replicas with %d sources",
              ordinal,
              replicas,
              sources));
    }
  }

  /** How many sources this replica owns. */
  int owned() {
    return (sources - ordinal + replicas - 1) / replicas;
  }

  /** The part of all messages that this replica sends. */
  double share() {
    return share(owned(), ordinal == 0);
  }

  private double share(final int size, final boolean hot) {
    if (hotShare == 0) {
      return (double) size / sources;
    }
    final double ofEachOther = (1 - hotShare) / (sources - 1);
    return hot ? hotShare + (size - 1) * ofEachOther : size * ofEachOther;
  }

  /** One lane for each partition that has a source of this replica, in the order of partitions. */
  List<LaneSources> lanes(final int partitions) {
    final int[] sizes = new int[partitions];
    for (long source = ordinal; source < sources; source += replicas) {
      sizes[SourcePartition.of((int) source, partitions)]++;
    }
    final int[][] bySize = new int[partitions][];
    for (int p = 0; p < partitions; p++) {
      bySize[p] = new int[sizes[p]];
    }
    final int[] filled = new int[partitions];
    for (long source = ordinal; source < sources; source += replicas) {
      final int p = SourcePartition.of((int) source, partitions);
      bySize[p][filled[p]++] = (int) source;
    }
    final List<LaneSources> lanes = new ArrayList<>();
    for (int p = 0; p < partitions; p++) {
      if (sizes[p] > 0) {
        lanes.add(lane(p, bySize[p]));
      }
    }
    return lanes;
  }

  private LaneSources lane(final int partition, final int[] ofLane) {
    final boolean hot = hotShare > 0 && ofLane[0] == 0;
    final double share = share(ofLane.length, hot);
    return hot && ofLane.length > 1
        ? new LaneSources(partition, ofLane, share, hotShare / share)
        : new LaneSources(partition, ofLane, share);
  }
}
