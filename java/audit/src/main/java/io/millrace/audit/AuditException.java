package io.millrace.audit;

/** The audit could not be carried out; the message says in one sentence why. */
public final class AuditException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  AuditException(final String message) {
    super(message);
  }

  AuditException(final String message, final Throwable cause) {
    super(message, cause);
  }
}
