package io.millrace.flink;

import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Committer.CommitRequest;

/** A committable of a checkpoint whose committer must commit it, and nothing else. */
public record CommitOnce<T>(T committable) implements CommitRequest<T> {

  /** One request for each. */
  public static <T> Collection<CommitRequest<T>> all(final List<T> committables) {
    return committables.stream().<CommitRequest<T>>map(CommitOnce::new).toList();
  }

  @Override
  public T getCommittable() {
    return committable;
  }

  @Override
  public int getNumberOfRetries() {
    return 0;
  }

  @Override
  public void signalFailedWithKnownReason(final Throwable t) {
    throw new AssertionError(t);
  }

  @Override
  public void signalFailedWithUnknownReason(final Throwable t) {
    throw new AssertionError(t);
  }

  @Override
  public void retryLater() {
    throw new AssertionError("nothing is put off");
  }

  @Override
  public void updateAndRetryLater(final T changed) {
    throw new AssertionError("a batch never changes");
  }

  @Override
  public void signalAlreadyCommitted() {
    throw new AssertionError("the sink cannot know");
  }
}
