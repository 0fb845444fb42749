package io.millrace.hooks.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.hooks.kubernetes.LiveSize;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShrinkRulesTest {
  private static final LiveSize LIVE =
      new LiveSize(OptionalInt.of(3), OptionalInt.of(3), OptionalInt.of(2), OptionalInt.of(3));

  @Test
  void acceptsTheSameAndMore() {
    assertThat(refusals(3, 3, 2, 3, 16)).isEmpty();
    assertThat(refusals(3, 6, 3, 3, 64)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "5 | 3 | 2 | 3 | 16 | ZooKeeper has 3 nodes and the commit asks for 5",
        "3 | 3 | 2 | 5 | 16 | ClickHouse Keeper has 3 nodes and the commit asks for 5",
        "1 | 3 | 2 | 3 | 16 | ZooKeeper has 3 nodes and the commit asks for 1",
        "3 | 2 | 2 | 3 | 16 | ClickHouse has 3 shards and the commit asks for 2",
        "3 | 3 | 1 | 3 | 16 | ClickHouse has 2 replicas of each shard and the commit asks for 1",
        "3 | 3 | 2 | 1 | 16 | ClickHouse Keeper has 3 nodes and the commit asks for 1",
      })
  void refusesInOneSentenceThatSaysWhatToDoInstead(
      int zookeeper, int shards, int replicas, int keeper, int partitions, String sentence) {
    assertThat(refusals(zookeeper, shards, replicas, keeper, partitions))
        .singleElement()
        .asString()
        .startsWith(sentence)
        .contains("; keep ")
        .doesNotContain("\n");
  }

  @Test
  void aTopicKeepsItsPartitionsWhateverTheCommitAsks() {
    assertThat(refusals(3, 3, 2, 3, 1)).isEmpty();
  }

  @Test
  void namesEveryRefusal() {
    assertThat(refusals(1, 1, 1, 1, 1)).hasSize(4);
  }

  @Test
  void acceptsAnySizeOfWhatIsNotInstalledYet() {
    LiveSize nothing =
        new LiveSize(
            OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());
    assertThat(ShrinkRules.refusals(nothing, new DesiredSize(1, 1, 1, 1, 1, 1))).isEmpty();
  }

  private static List<String> refusals(
      int zookeeper, int shards, int replicas, int keeper, int partitions) {
    return ShrinkRules.refusals(
        LIVE, new DesiredSize(4, zookeeper, shards, replicas, keeper, partitions));
  }
}
