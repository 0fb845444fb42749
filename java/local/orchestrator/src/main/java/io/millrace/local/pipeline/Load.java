package io.millrace.local.pipeline;

import java.time.Duration;
import java.util.Optional;

/** What happens to a running job, from the producers' start until everything is sent. */
@FunctionalInterface
public interface Load {

  /** Undisturbed production for a while. */
  static Load lasting(final Duration duration) {
    return new TimedLoad(duration);
  }

  /**
   * Starts the producers and carries it out; returns when they have ended.
   *
   * @return what the producers reported
   * @throws io.millrace.local.RunFailedException if the pipeline did not bear it
   */
  Producer.Result carryOut(Stage stage) throws InterruptedException;

  /**
   * Why it ended before its time, although it was carried out as far as possible: the pipeline is
   * then audited as it is.
   */
  default Optional<String> cutShort() {
    return Optional.empty();
  }
}
