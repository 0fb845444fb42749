package io.millrace.local.pipeline;

import java.util.HashSet;
import java.util.Set;

/**
 * Failed checkpoints, each counted once although it is seen many times. Ids begin again where a job
 * is submitted again, from an older checkpoint. Not thread-safe.
 */
final class FailedCheckpoints {

  private record Checkpoint(String job, long id) {}

  private final Set<Checkpoint> seen = new HashSet<>();

  /**
   * Takes in what a job shows now.
   *
   * @param ids of its failed checkpoints; those that it no longer shows still count
   * @return how many have failed so far, of all jobs
   */
  long total(final String job, final Set<Long> ids) {
    ids.forEach(id -> seen.add(new Checkpoint(job, id)));
    return seen.size();
  }
}
