package io.millrace.local.command;

import io.millrace.local.pipeline.RunEvents;
import io.millrace.local.pipeline.RunReport;
import io.millrace.local.pipeline.RunSnapshot;
import java.time.Instant;
import java.util.List;

/** Several who hear the same, in this order. */
record Audience(List<RunEvents> listeners) implements RunEvents {

  Audience {
    listeners = List.copyOf(listeners);
  }

  @Override
  public void endpoint(final String name, final String address) {
    listeners.forEach(listener -> listener.endpoint(name, address));
  }

  @Override
  public void phase(final String description) {
    listeners.forEach(listener -> listener.phase(description));
  }

  @Override
  public void mark(final Mark kind, final String text, final Instant at) {
    listeners.forEach(listener -> listener.mark(kind, text, at));
  }

  @Override
  public void verdict(final RunReport report) {
    listeners.forEach(listener -> listener.verdict(report));
  }

  @Override
  public void snapshot(final RunSnapshot snapshot) {
    listeners.forEach(listener -> listener.snapshot(snapshot));
  }
}
