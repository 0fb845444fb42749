package io.millrace.hooks.kubernetes;

/**
 * A namespaced Kubernetes object, written {@code namespace/name}.
 *
 * @param namespace the object's namespace, not empty
 * @param name the object's name, not empty
 */
public record ObjectName(String namespace, String name) {

  /**
   * Reads {@code namespace/name}.
   *
   * @throws IllegalArgumentException when the text has another form
   */
  public static ObjectName parse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not an object name: write namespace/name, such as pulsar/bookie");
    }
    return new ObjectName(parts[0], parts[1]);
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
