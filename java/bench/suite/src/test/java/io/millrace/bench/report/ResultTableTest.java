package io.millrace.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultTableTest {

  @Test
  void namesStandLeftAndFiguresRight() {
    final StringWriter text = new StringWriter();
    new ResultTable(
            List.of("", "msg/s"),
            List.of(List.of("ours", ResultTable.whole(1_234_567.4)), List.of("theirs", "9")))
        .print(new PrintWriter(text));
    assertThat(text.toString().lines())
        .containsExactly("            msg/s", "ours    1,234,567", "theirs          9");
  }

  @Test
  void ratiosHaveTwoDecimals() {
    assertThat(ResultTable.times(10.256)).isEqualTo("10.26 x");
  }

  @Test
  void aRowThatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> new ResultTable(List.of("a", "b"), List.of(List.of("1"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[1] does not fit [a, b]");
  }
}
