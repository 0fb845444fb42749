package io.millrace.local.pipeline;

/**
 * What a run is built with so that it can be harmed.
 *
 * @param relayed whether the job reaches its servers through relays, whose connections can be cut
 */
public record Rig(boolean relayed) {

  /** As it is without faults. */
  public static final Rig PLAIN = new Rig(false);
}
