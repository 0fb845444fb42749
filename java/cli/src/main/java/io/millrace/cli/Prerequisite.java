package io.millrace.cli;

import io.millrace.platform.PlatformException;
import io.millrace.platform.Tool;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program that a task needs. Immutable and thread-safe.
 *
 * @param tool the program, and how to get it
 * @param versionArguments what makes it print its version
 * @param minimum the oldest version that will do; {@code "0"} when any will
 */
record Prerequisite(Tool tool, List<String> versionArguments, String minimum) {

  private static final Pattern VERSION = Pattern.compile("\\d+(\\.\\d+)*");

  /** Maven colours its version even where there is no terminal, when it is told to. */
  private static final Pattern COLOUR = Pattern.compile("\u001B\\[[0-9;]*m");

  /**
   * What became of looking for it.
   *
   * @param met whether the task can use it
   * @param text program and version, or what is wrong and how to mend it; one line
   */
  record Finding(boolean met, String text) {}

  /** Asks the program for its version, which takes up to the tool's timeout. */
  Finding find() {
    if (!tool.present()) {
      return lacking("is missing");
    }
    final String said;
    try {
      said = tool.run(Path.of("").toAbsolutePath(), versionArguments.toArray(String[]::new));
    } catch (PlatformException e) {
      return lacking("does not work (" + e.getMessage().lines().findFirst().orElse("") + ")");
    }
    final Matcher version = VERSION.matcher(COLOUR.matcher(said).replaceAll(""));
    if (!version.find()) {
      return lacking("does not say its version");
    }
    return Version.parse(version.group()).compareTo(Version.parse(minimum)) < 0
        ? lacking("is " + version.group() + ", older than " + minimum)
        : new Finding(true, name() + " " + version.group());
  }

  private Finding lacking(final String fault) {
    return new Finding(false, "%s %s: %s".formatted(name(), fault, tool.remedy()));
  }

  private String name() {
    return Path.of(tool.program()).getFileName().toString();
  }
}
