package io.millrace.local.pipeline;

import io.millrace.local.RunFailedException;
import io.millrace.local.process.ChildProcess;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The producers of a run, at least one, which share its sources as the replicas in a cluster do.
 */
public final class Producers {

  private final List<Producer> all;

  Producers(final List<Producer> all) {
    this.all = List.copyOf(all);
  }

  /** Each of them, by its ordinal. */
  public List<Producer> all() {
    return all;
  }

  /** One of them, at random. */
  public Producer any(final SplittableRandom random) {
    return all.get(random.nextInt(all.size()));
  }

  /**
   * Starts producing until {@link #stop}; a predecessor's work goes on where the broker has its
   * last message.
   */
  public void start() {
    all.forEach(Producer::start);
  }

  /** Starts producing for a time, after which all end by themselves. */
  public void start(final Duration time) {
    all.forEach(producer -> producer.start(time));
  }

  /**
   * Whether every one has produced for its whole time.
   *
   * @throws RunFailedException if one ended with an error
   */
  public boolean areDone() {
    // each is asked: one that failed says so also while others go on
    return all.stream().filter(producer -> !producer.isDone()).count() == 0;
  }

  /** Whether the broker has confirmed events of every one. */
  public boolean haveAllBegun() {
    return all.stream().allMatch(producer -> producer.confirmed() > 0);
  }

  /**
   * Ends them before their time, with everything confirmed that they have sent.
   *
   * @throws RunFailedException if one does not end in time, or has to leave something unconfirmed
   */
  public void stop() throws InterruptedException {
    for (Producer producer : all) {
      producer.stop();
    }
  }

  /** Ends them however they can, in a run that cannot continue. */
  public void end() throws InterruptedException {
    for (Producer producer : all) {
      producer.end();
    }
  }

  /**
   * Reads what their last processes reported at their ends.
   *
   * @throws RunFailedException if a report cannot be read
   */
  public Producer.Result result() {
    return sum(Producer::result);
  }

  /** The same of a run that cannot continue: what the last processes reported that came to it. */
  public Producer.Result lastKnown() {
    return sum(Producer::lastKnown);
  }

  private Producer.Result sum(final Function<Producer, Producer.Result> part) {
    return all.stream().map(part).reduce(Producer.Result.NOTHING, Producer.Result::and);
  }

  /** Their processes, as they were started last. */
  public List<ChildProcess> processes() {
    return all.stream().map(producer -> producer.process().current()).toList();
  }

  /** What the audit calls them. */
  Set<String> names() {
    return all.stream().map(Producer::name).collect(Collectors.toSet());
  }
}
