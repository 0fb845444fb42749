package io.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SourceAssignmentTest {

  @Property(tries = 200)
  void everySourceIsInOneLaneOfOneReplica(
      @ForAll @IntRange(min = 1, max = 3_000) final int sources,
      @ForAll @IntRange(min = 1, max = 20) final int wantedReplicas,
      @ForAll @IntRange(min = 1, max = 70) final int partitions) {
    final int replicas = Math.min(wantedReplicas, sources);
    final List<Integer> seen = new ArrayList<>();
    for (int ordinal = 0; ordinal < replicas; ordinal++) {
      final SourceAssignment assignment = new SourceAssignment(sources, ordinal, replicas);
      final List<Integer> own = new ArrayList<>();
      for (final LaneSources lane : assignment.lanes(partitions)) {
        for (int k = 0; k < lane.size(); k++) {
          assertThat(SourceAssignment.partition(lane.source(k), partitions))
              .isEqualTo(lane.partition());
          own.add(lane.source(k));
        }
      }
      assertThat(own).hasSize(assignment.owned());
      seen.addAll(own);
    }
    assertThat(seen)
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, sources).boxed().toList());
  }

  @Test
  void partitionsGetAboutTheSameNumberOfSources() {
    final Map<Integer, Integer> counts = new HashMap<>();
    for (int source = 0; source < 100_000; source++) {
      counts.merge(SourceAssignment.partition(source, 64), 1, Integer::sum);
    }
    assertThat(counts).hasSize(64);
    assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(1_400, 1_730));
  }

  @Test
  void aSourceStaysInItsPartitionFromReleaseToRelease() {
    assertThat(IntStream.range(0, 12).map(s -> SourceAssignment.partition(s, 16)).toArray())
        .containsExactly(0, 7, 6, 7, 5, 13, 8, 4, 11, 3, 0, 4);
  }

  @Test
  void theRatesOfAllLanesOfAllReplicasAddUp() {
    double sum = 0;
    for (int ordinal = 0; ordinal < 3; ordinal++) {
      for (final LaneSources lane : new SourceAssignment(1_000, ordinal, 3).lanes(16)) {
        sum += new TargetRate(30_000).share(lane.size(), 1_000).messagesPerSecond();
      }
    }
    assertThat(Math.round(sum * 1_000)).isEqualTo(30_000_000);
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThatIllegalArgumentException().isThrownBy(() -> new SourceAssignment(10, 2, 2));
    assertThatIllegalArgumentException().isThrownBy(() -> new SourceAssignment(1, 0, 2));
    assertThatIllegalArgumentException().isThrownBy(() -> new SourceAssignment(0, 0, 1));
  }
}
