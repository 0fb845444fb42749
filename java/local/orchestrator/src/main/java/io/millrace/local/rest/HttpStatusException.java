package io.millrace.local.rest;

import java.io.IOException;

/** A server answered, but not with a success. */
final class HttpStatusException extends IOException {

  private static final long serialVersionUID = 1L;

  private final int status;

  HttpStatusException(final int status, final String message) {
    super(message);
    this.status = status;
  }

  /** The status of HTTP, such as 500. */
  int status() {
    return status;
  }
}
