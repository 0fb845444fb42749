package io.millrace.local.pipeline;

/** What happens from the producer's start until everything is sent. */
@FunctionalInterface
public interface Load {

  /**
   * Carries it out; returns when the producer has ended.
   *
   * @return what the producer reported
   * @throws io.millrace.local.RunFailedException if the pipeline did not bear it
   */
  Producer.Result carryOut(Stage stage) throws InterruptedException;
}
