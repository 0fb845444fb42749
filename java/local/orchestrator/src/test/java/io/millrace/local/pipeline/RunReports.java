package io.millrace.local.pipeline;

import java.util.Map;

/** Reports to test with. */
public final class RunReports {

  private RunReports() {}

  /** One whose numbers all differ, of a run that did not pass. */
  public static RunReport numbered() {
    return new RunReport(
        "iot",
        10,
        20,
        30.5,
        40,
        41,
        66,
        55,
        61,
        42,
        43,
        67,
        44,
        45,
        46,
        47,
        56,
        62,
        63,
        64,
        65,
        Map.of("empty payload", 57L),
        Map.of("sensors", new RunReport.ProducerAccount(58, 59, 60)),
        48,
        49,
        50.5,
        51,
        new RunReport.Visibility(52L, 53L, 54L),
        new RunReport.Latency(1.5, 2.5),
        Map.of("broker", 55L),
        Map.of("flink", "1.20.3"),
        null,
        "FAIL");
  }
}
