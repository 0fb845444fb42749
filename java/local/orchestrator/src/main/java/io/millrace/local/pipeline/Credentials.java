package io.millrace.local.pipeline;

import io.millrace.local.RunFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;

/**
 * A ClickHouse user.
 *
 * @param password empty for a server that asks for none
 */
public record Credentials(String user, String password) {

  private static final String DEFAULT_USER = "default";
  private static final int PASSWORD_BYTES = 16;

  /** From {@code CLICKHOUSE_USER} and {@code CLICKHOUSE_PASSWORD}. */
  static Credentials from(final Map<String, String> environment) {
    return new Credentials(
        environment.getOrDefault("CLICKHOUSE_USER", DEFAULT_USER),
        environment.getOrDefault("CLICKHOUSE_PASSWORD", ""));
  }

  /** A password that nobody knows, for a server of one run. */
  static Credentials generated() {
    return new Credentials(DEFAULT_USER, randomHex());
  }

  /** A secret that cannot be guessed. */
  static String randomHex() {
    final byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  /**
   * Writes them where the person who runs it finds them, in the format of {@code curl
   * --netrc-file}, for no other user's eyes.
   *
   * @throws RunFailedException if they cannot be written
   */
  void writeNetrc(final Path file) {
    try {
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, "machine 127.0.0.1 login " + user + " password " + password + "\n");
    } catch (IOException e) {
      throw new RunFailedException("The password of ClickHouse cannot be written: " + e + ".", e);
    }
  }

  /** The same for a process that is started. */
  public Map<String, String> environment() {
    return Map.of("CLICKHOUSE_USER", user, "CLICKHOUSE_PASSWORD", password);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "Credentials[user=" + user + "]";
  }
}
