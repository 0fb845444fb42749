package io.millrace.local.pipeline;

import java.time.Duration;

/**
 * Undisturbed production.
 *
 * @param duration how long
 */
record TimedLoad(Duration duration) implements Load {

  @Override
  public Producer.Result carryOut(final Stage stage) throws InterruptedException {
    stage.pipeline().producer().start(duration);
    stage.say("producing for " + duration.toSeconds() + " s");
    while (!stage.pipeline().producer().isDone()) {
      stage.look();
    }
    return stage.pipeline().producer().result();
  }
}
