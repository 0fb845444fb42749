package io.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.millrace.events.SourcePartition;
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
        final LaneSources.Cursor cursor = lane.from(0);
        for (int k = 0; k < lane.size(); k++) {
          assertThat(SourcePartition.of(cursor.source(), partitions)).isEqualTo(lane.partition());
          own.add(cursor.source());
          cursor.next();
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
      counts.merge(SourcePartition.of(source, 64), 1, Integer::sum);
    }
    assertThat(counts).hasSize(64);
    assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(1_400, 1_730));
  }

  @Test
  void aSourceStaysInItsPartitionFromReleaseToRelease() {
    assertThat(IntStream.range(0, 12).map(s -> SourcePartition.of(s, 16)).toArray())
        .containsExactly(0, 7, 6, 7, 5, 13, 8, 4, 11, 3, 0, 4);
  }

  @Property(tries = 100)
  void theSharesOfAllLanesOfAllReplicasAddUp(
      @ForAll @IntRange(min = 3, max = 1_000) final int sources,
      @ForAll @IntRange(min = 0, max = 99) final int hotPercent) {
    double all = 0;
    for (int ordinal = 0; ordinal < 3; ordinal++) {
      final SourceAssignment assignment =
          new SourceAssignment(sources, ordinal, 3, hotPercent / 100.0);
      double own = 0;
      for (final LaneSources lane : assignment.lanes(16)) {
        own += lane.share();
      }
      assertThat(own).isCloseTo(assignment.share(), within(1e-9));
      all += own;
    }
    assertThat(all).isCloseTo(1, within(1e-9));
  }

  @Test
  void oneSourceCanSendHalfOfAll() {
    long hot = 0;
    long messages = 0;
    for (final LaneSources lane : new SourceAssignment(1_000, 0, 1, 0.5).lanes(4)) {
      final long count = Math.round(lane.share() * 100_000);
      final LaneSources.Cursor cursor = lane.from(0);
      for (long k = 0; k < count; k++) {
        hot += cursor.source() == 0 ? 1 : 0;
        cursor.next();
      }
      messages += count;
    }
    assertThat(hot / (double) messages).isCloseTo(0.5, within(0.001));
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThatIllegalArgumentException().isThrownBy(() -> new SourceAssignment(10, 2, 2));
    assertThatIllegalArgumentException().isThrownBy(() -> new SourceAssignment(1, 0, 2));
    assertThatIllegalArgumentException().isThrownBy(() -> new SourceAssignment(0, 0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new SourceAssignment(10, 0, 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new SourceAssignment(1, 0, 1, 0.5));
  }
}
