package io.millrace.producer;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToLongFunction;

/** The open lanes and the sums of their figures. Thread-safe. */
final class Lanes {

  private final List<Lane> open = new CopyOnWriteArrayList<>();

  void add(final Lane lane) {
    open.add(lane);
  }

  List<Lane> all() {
    return open;
  }

  long resumedAt() {
    return sum(Lane::resumedAt);
  }

  long sent() {
    return sum(Lane::sent);
  }

  long acknowledged() {
    return sum(Lane::acknowledged);
  }

  long unconfirmed() {
    return sum(Lane::unconfirmed);
  }

  long bytes() {
    return sum(Lane::bytes);
  }

  long skipped() {
    return sum(Lane::skipped);
  }

  long errors() {
    return sum(Lane::errors);
  }

  long connected() {
    return open.stream().filter(Lane::isConnected).count();
  }

  Optional<Throwable> failure() {
    return open.stream().flatMap(lane -> lane.failure().stream()).findFirst();
  }

  private long sum(final ToLongFunction<Lane> figure) {
    return open.stream().mapToLong(figure).sum();
  }
}
