package io.millrace.local;

/** A flag has a value that cannot be used; the message names the flag, the value and the remedy. */
public final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public UsageException(final String message) {
    super(message);
  }
}
