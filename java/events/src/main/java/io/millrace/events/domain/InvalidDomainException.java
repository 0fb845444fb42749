package io.millrace.events.domain;

/**
 * A domain that is unknown or whose file cannot be used; the message names the field and says why.
 */
public final class InvalidDomainException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public InvalidDomainException(final String message) {
    super(message);
  }

  public InvalidDomainException(final String message, final Throwable cause) {
    super(message, cause);
  }
}
