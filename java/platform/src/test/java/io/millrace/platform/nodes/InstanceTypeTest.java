package io.millrace.platform.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.platform.PlatformException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstanceTypeTest {
  /**
   * Millicores and pods as EKS nodes of these types report them; memory as Karpenter expects it.
   */
  @ParameterizedTest
  @CsvSource({
    "t3.medium,    1930,   3246,  17",
    "c5.2xlarge,   7910,  14162,  58",
    "c5.4xlarge,  15890,  27381, 110",
    "i7i.8xlarge, 31850, 239554, 234",
    "r6id.4xlarge,15890, 118312, 110"
  })
  void offersWhatRealNodesOffer(String name, int cpuMilli, int memoryMib, int pods) {
    InstanceType type = InstanceTypes.load().types().get(name);
    assertThat(type.allocatableCpuMilli()).isEqualTo(cpuMilli);
    assertThat(type.allocatableMemoryMib()).isEqualTo(memoryMib);
    assertThat(type.maxPods()).isEqualTo(pods);
  }

  @Test
  void namesTheGroupWhoseTypeIsUnknown() {
    NodeGroup group =
        new NodeGroup(
            "odd",
            "x9.huge",
            1,
            1,
            1,
            "a",
            20,
            new NodeGroup.LocalStorage("none", 0),
            Map.of(),
            List.of());
    assertThatThrownBy(() -> InstanceTypes.load().of(group))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("'odd'")
        .hasMessageContaining("'x9.huge'");
  }
}
