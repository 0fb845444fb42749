package io.millrace.events.codec;

/** A writer schema from which events of the domain cannot be read; the message says why. */
public final class IncompatibleSchemaException extends Exception {

  private static final long serialVersionUID = 1L;

  public IncompatibleSchemaException(final String message) {
    super(message);
  }

  IncompatibleSchemaException(final String message, final Throwable cause) {
    super(message, cause);
  }
}
