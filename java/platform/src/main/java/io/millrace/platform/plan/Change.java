package io.millrace.platform.plan;

/**
 * One field that differs between two renderings.
 *
 * @param object such as {@code StatefulSet pulsar/bookie}
 * @param field dotted path, list entries by their name; empty for a whole object
 * @param from the value before; null when there was none
 * @param to the value after; null when there is none
 */
public record Change(String object, String field, String from, String to) {

  /** The field as people call it: an environment variable's name, or the last part of the path. */
  public String label() {
    String path = field.endsWith(".value") ? field.substring(0, field.length() - 6) : field;
    if (path.endsWith("]")) {
      return path.substring(path.lastIndexOf('[') + 1, path.length() - 1);
    }
    return path.substring(path.lastIndexOf('.') + 1);
  }
}
