package io.millrace.flink.source;

import java.io.IOException;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * The job's state and the topic do not belong together. No restart cures that, so the job fails for
 * good and says what to do.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
final class StateMismatchException extends IOException {

  private static final long serialVersionUID = 1L;

  StateMismatchException(final String message) {
    super(message);
  }
}
