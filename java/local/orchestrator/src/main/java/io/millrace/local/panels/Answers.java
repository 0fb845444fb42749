package io.millrace.local.panels;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What came of the questions. Not thread-safe. */
final class Answers {

  private final List<String> empty = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private int promQl;
  private int sql;

  void asked(final Question.Language language) {
    if (language == Question.Language.PROMQL) {
      promQl++;
    } else {
      sql++;
    }
  }

  /** No result, for a known reason. */
  void expectedEmpty(final Question question, final String reason) {
    empty.add(question.where() + ": " + reason);
  }

  void fault(final String where, final String what) {
    faults.add(where + ": " + what);
  }

  boolean isGood() {
    return faults.isEmpty() && promQl > 0 && sql > 0;
  }

  void print(final int dashboards, final int panels, final int alerts, final PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%d dashboards, %d panels, %d alerts; asked %d PromQL and %d ClickHouse queries: %d"
            + " expected to be empty, %d faults%n",
        dashboards,
        panels,
        alerts,
        promQl,
        sql,
        empty.size(),
        faults.size());
    empty.forEach(line -> out.println("  empty  " + line));
    faults.forEach(line -> out.println("  FAULT  " + line));
    out.flush();
  }
}
