package io.millrace.local;

/** The run was tried and failed; the message is one sentence for the person who started it. */
public class RunFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public RunFailedException(final String message) {
    super(message);
  }

  public RunFailedException(final String message, final Throwable cause) {
    super(message, cause);
  }
}
