package io.millrace.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What of its surroundings Millrace copes with, and other programs of this machine may not.
 * Immutable.
 *
 * @param home the checkout's root
 * @param fileNames how this JVM encodes the names of files, such as {@code UTF-8}
 * @param unknownHost this machine's own name, if it does not resolve
 * @param leftOut options that the launcher keeps from every JVM, such as {@code -XX:+UseG1GC of
 *     JAVA_TOOL_OPTIONS}; empty for none
 */
record Surroundings(String home, String fileNames, Optional<String> unknownHost, String leftOut) {

  static Surroundings ofThisMachine() {
    return new Surroundings(
        System.getProperty("millrace.home", ""),
        System.getProperty("sun.jnu.encoding"),
        ownNameIfUnknown(),
        Optional.ofNullable(System.getenv("MILLRACE_LEFT_OUT")).orElse(""));
  }

  private static Optional<String> ownNameIfUnknown() {
    try {
      InetAddress.getLocalHost();
      return Optional.empty();
    } catch (UnknownHostException e) {
      // "name: name: Name or service not known"
      return Optional.of(e.getMessage().split(":", 2)[0]);
    }
  }

  /** A line for each thing worth knowing. */
  List<String> lines() {
    final List<String> lines = new ArrayList<>();
    if (!home.isEmpty()) {
      lines.add("checkout in " + home + ", names of files in " + fileNames);
    }
    unknownHost.ifPresent(
        name -> lines.add("the host name " + name + " does not resolve; Millrace does without it"));
    if (!leftOut.isEmpty()) {
      lines.add(
          "left out: "
              + leftOut
              + "; every process of Millrace has its own garbage collector, heap and language");
    }
    return lines;
  }
}
