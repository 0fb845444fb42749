package io.millrace.platform.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.platform.nodes.InstanceTypes;
import io.millrace.platform.nodes.NodeGroup;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CostModelTest {
  @Test
  void addsUpAMonth() {
    NodeGroup group =
        new NodeGroup(
            "brokers",
            "i7i.8xlarge",
            1,
            4,
            2,
            "a",
            100,
            new NodeGroup.LocalStorage("mount", 2),
            Map.of(),
            List.of());
    MonthlyCost cost =
        new CostModel(List.of(group), InstanceTypes.load(), Prices.load())
            .of(Map.of("brokers", 2), List.of(), 16);
    assertThat(line(cost, "EC2 brokers")).isCloseTo(2 * 3.0202 * 730, within(0.01));
    assertThat(line(cost, "EBS root disks")).isCloseTo(2 * 100 * 0.08, within(0.01));
    assertThat(line(cost, "EBS volumes")).isZero();
    assertThat(line(cost, "EKS control plane")).isCloseTo(73, within(0.01));
    double requests = 730 * 120 * 16 * 3;
    assertThat(line(cost, "S3 checkpoints"))
        .isCloseTo(100 * 0.023 + requests / 1000 * 0.005, within(0.01));
    assertThat(cost.total())
        .isCloseTo(cost.lines().stream().mapToDouble(MonthlyCost.Line::usd).sum(), within(1e-6));
  }

  private static double line(MonthlyCost cost, String item) {
    return cost.lines().stream()
        .filter(line -> line.item().equals(item))
        .findFirst()
        .orElseThrow()
        .usd();
  }
}
