package io.millrace.platform.check;

import java.util.List;

/** One rule that a rendered tree keeps. */
public interface Check {
  /**
   * Looks at a tree.
   *
   * @return one sentence for each fault, naming the object, the value and the remedy; empty if none
   */
  List<String> faults(Tree tree);
}
