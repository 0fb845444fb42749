package io.millrace.audit;

/** Where a reading raises an alert; the limit itself raises none. */
record Threshold(boolean above, double limit) {

  boolean raisedBy(final double reading) {
    return above ? reading > limit : reading < limit;
  }
}
