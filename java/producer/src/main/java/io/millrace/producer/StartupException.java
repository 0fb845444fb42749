package io.millrace.producer;

/** Sending cannot begin; the message is one sentence for the operator. */
final class StartupException extends Exception {

  private static final long serialVersionUID = 1L;

  StartupException(final String message) {
    super(message);
  }

  StartupException(final String message, final Throwable cause) {
    super(message, cause);
  }
}
