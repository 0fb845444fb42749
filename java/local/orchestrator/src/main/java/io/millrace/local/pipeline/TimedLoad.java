package io.millrace.local.pipeline;

/** The producer's own duration, undisturbed. */
final class TimedLoad implements Load {

  @Override
  public Producer.Result carryOut(final Stage stage) throws InterruptedException {
    while (!stage.pipeline().producer().isDone()) {
      stage.look();
    }
    return stage.pipeline().producer().result();
  }
}
