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

  /**
   * What could not be done, and the innermost cause: clients wrap the reason that matters several
   * times.
   */
  static AuditException because(final String what, final Throwable cause) {
    Throwable innermost = cause;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    final String reason =
        innermost.getMessage() == null ? innermost.toString() : innermost.getMessage().strip();
    return new AuditException(what + ": " + reason, cause);
  }
}
