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
    stage.pipeline().producers().start(duration);
    stage.say("producing for " + duration.toSeconds() + " s");
    while (!stage.pipeline().producers().areDone()) {
      stage.look();
    }
    return stage.pipeline().producers().result();
  }
}
