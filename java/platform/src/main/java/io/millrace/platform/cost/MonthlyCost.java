package io.millrace.platform.cost;

import java.util.List;

/**
 * A month's bill in USD, on demand and before taxes.
 *
 * @param lines in the order of the bill
 */
public record MonthlyCost(List<Line> lines) {

  /**
   * One line.
   *
   * @param item such as {@code EC2 pulsar-broker-bookie}
   * @param detail such as {@code 4 × i7i.8xlarge}
   * @param usd a month
   */
  public record Line(String item, String detail, double usd) {}

  public double total() {
    return lines.stream().mapToDouble(Line::usd).sum();
  }
}
