package io.millrace.clickhouse.error;

import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.TimeoutException;

/**
 * What a failed statement says.
 *
 * @param trouble why it failed
 * @param code the server's number of the error; 0 if no server gave one
 * @param name the error's name, for people
 */
public record Diagnosis(Trouble trouble, int code, String name) {

  /** Reads it from the driver's exception. */
  public static Diagnosis of(final SQLException failure) {
    final int code = failure.getErrorCode();
    if (code > 0) {
      return ServerError.of(code)
          .map(error -> new Diagnosis(error.trouble(), code, error.name()))
          .orElseGet(() -> new Diagnosis(Trouble.UNKNOWN, code, "unknown to this version"));
    }
    return isOfConnection(failure)
        ? new Diagnosis(Trouble.NETWORK, 0, "no answer")
        : new Diagnosis(Trouble.UNKNOWN, 0, "failure of the driver");
  }

  private static boolean isOfConnection(final Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException || cause instanceof TimeoutException) {
        return true;
      }
    }
    return false;
  }

  /** Name and number, such as {@code error 60, UNKNOWN_TABLE}. */
  public String text() {
    return code > 0 ? "error " + code + ", " + name : name;
  }
}
