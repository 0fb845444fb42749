package io.millrace.local.loopback;

/** Where the key of a run stands, which shows that the run itself asks for a change. */
public final class RunKey {

  /** The header that carries it. Another page cannot set it, and does not know it. */
  public static final String HEADER = "X-Millrace-Key";

  /** Flink's setting that holds it; Flink hides values of settings with this word. */
  public static final String FLINK_SETTING = "millrace.rest.secret";

  private RunKey() {}
}
