package io.millrace.local.pipeline;

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
    final byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    return new Credentials(DEFAULT_USER, HexFormat.of().formatHex(random));
  }

  /** For the embedded engine, which knows no users. */
  static Credentials none() {
    return new Credentials(DEFAULT_USER, "");
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
