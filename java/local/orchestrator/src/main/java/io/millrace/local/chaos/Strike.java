package io.millrace.local.chaos;

import io.millrace.local.pipeline.Stage;
import java.time.Instant;
import java.util.SplittableRandom;

/** Does one kind of harm, and puts back whatever does not come back by itself. */
@FunctionalInterface
interface Strike {

  /**
   * Strikes once.
   *
   * @param random where every choice comes from, so that a seed repeats it
   * @return when the harm was done
   * @throws io.millrace.local.RunFailedException if the pipeline does not come back
   */
  Instant strike(Stage stage, SplittableRandom random) throws InterruptedException;
}
