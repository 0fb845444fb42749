package io.millrace.deadletter;

/** Something that was tried and failed; the message is one sentence for the operator. */
public final class DeadLetterException extends Exception {

  private static final long serialVersionUID = 1L;

  public DeadLetterException(final String message) {
    super(message);
  }

  public DeadLetterException(final String message, final Throwable cause) {
    super(message, cause);
  }
}
