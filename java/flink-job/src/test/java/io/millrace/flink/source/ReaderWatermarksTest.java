package io.millrace.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReaderWatermarksTest {

  private final ReaderWatermarks watermarks = new ReaderWatermarks();

  @Test
  void aReaderWithoutPartitionsHoldsNothingUp() {
    watermarks.report(0, 500);
    watermarks.report(1, ReaderWatermark.NO_PARTITION);
    assertThat(watermarks.least(2)).hasValue(500);
  }

  @Test
  void aReaderThatDoesNotKnowItsTimeYetIsWaitedFor() {
    watermarks.report(0, 500);
    assertThat(watermarks.least(2)).as("one has not reported").isEmpty();
    watermarks.report(1, ReaderWatermark.UNKNOWN);
    assertThat(watermarks.least(2)).as("one has no watermark").isEmpty();
    watermarks.report(1, 400);
    assertThat(watermarks.least(2)).hasValue(400);
    watermarks.forget(0);
    assertThat(watermarks.least(2)).as("one has started again").isEmpty();
  }

  @Test
  void aTopicThatWasNeverWrittenToHasNoTime() {
    watermarks.report(0, ReaderWatermark.NO_PARTITION);
    assertThat(watermarks.least(1)).isEmpty();
  }
}
