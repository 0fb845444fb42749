package io.millrace.platform;

/**
 * A fault of the tree or of the surroundings that its user can mend. The message is one sentence
 * that names the thing, the value and the remedy; it is printed without a stack trace.
 */
public final class PlatformException extends RuntimeException {
  public PlatformException(String sentence) {
    super(sentence);
  }

  public PlatformException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
