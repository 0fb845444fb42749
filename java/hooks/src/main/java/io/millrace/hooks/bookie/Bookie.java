package io.millrace.hooks.bookie;

import java.net.URI;
import java.util.List;
import org.apache.bookkeeper.net.BookieId;

/**
 * One pod of the bookies' StatefulSet.
 *
 * @param ordinal the pod's ordinal, from 0
 * @param pod the pod's name
 * @param id the id under which the bookie is registered and named by ledgers
 * @param http the bookie's HTTP endpoint, without a path
 * @param claims the names of its persistent volume claims; empty when its disks are not persistent
 */
public record Bookie(int ordinal, String pod, BookieId id, URI http, List<String> claims) {
  public Bookie {
    claims = List.copyOf(claims);
  }

  @Override
  public String toString() {
    return pod;
  }
}
