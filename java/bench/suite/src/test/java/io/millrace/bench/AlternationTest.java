package io.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.bench.Alternation.Contestant;
import io.millrace.bench.report.Spread;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AlternationTest {

  private final List<String> order = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();

  @Test
  void takesTurnsAndLetsEachBeginOnce() throws InterruptedException {
    alternation(3, contestant("a", 1), contestant("b", 2), contestant("c", 3)).run("msg/s");
    assertThat(order).containsExactly("a", "b", "c", "b", "c", "a", "c", "a", "b");
  }

  @Test
  void givesMedianAndSpreadOfEach() throws InterruptedException {
    final Iterator<Double> figures = List.of(30.0, 10.0, 20.0).iterator();
    final Map<String, Spread> spreads =
        alternation(3, new Contestant("a", figures::next), contestant("b", 5)).run("msg/s");
    assertThat(spreads.get("a")).isEqualTo(new Spread(20, 10, 30));
    assertThat(spreads.get("b")).isEqualTo(new Spread(5, 5, 5));
    assertThat(spreads.keySet()).containsExactly("a", "b");
  }

  @Test
  void saysEveryFigureAsItComes() throws InterruptedException {
    alternation(2, contestant("ours", 1234567)).run("msg/s");
    assertThat(lines).hasSize(2);
    assertThat(lines.get(1)).contains("round 2 of 2", "ours", "1,234,567 msg/s");
  }

  @Test
  void refusesToMeasureNothing() {
    assertThatThrownBy(() -> alternation(1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> alternation(0, contestant("a", 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Contestant contestant(final String name, final double figure) {
    return new Contestant(
        name,
        () -> {
          order.add(name);
          return figure;
        });
  }

  private Alternation alternation(final int rounds, final Contestant... contestants) {
    return new Alternation(List.of(contestants), rounds, lines::add);
  }
}
