package io.millrace.hooks;

/**
 * A hook could not do, or refused to do, what the commit asks for. The message is one sentence for
 * the person who reads the hook's log: what was found, and what to do instead.
 */
public final class HookException extends Exception {
  private static final long serialVersionUID = 1L;

  public HookException(String sentence) {
    super(sentence);
  }

  public HookException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
