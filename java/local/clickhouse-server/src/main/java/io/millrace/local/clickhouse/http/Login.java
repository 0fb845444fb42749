package io.millrace.local.clickhouse.http;

import com.sun.net.httpserver.Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The one user that the server lets in. Immutable.
 *
 * @param password never empty
 */
public record Login(String user, String password) {

  private static final int PASSWORD_BYTES = 16;
  private static final String BASIC = "basic ";

  /** Makes a login with a new random password. */
  public static Login generated(String user) {
    byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    return new Login(user, HexFormat.of().formatHex(random));
  }

  /**
   * Whether the headers of a request prove this login: {@code Authorization: Basic}, or {@code
   * X-ClickHouse-Key} with {@code X-ClickHouse-User}. A user that is not named is {@code default}.
   */
  boolean isProvenBy(Headers headers) {
    String authorization = headers.getFirst("Authorization");
    if (authorization != null) {
      return authorization.toLowerCase(Locale.ROOT).startsWith(BASIC)
          && isProvenBy(authorization.substring(BASIC.length()).strip());
    }
    String key = headers.getFirst("X-ClickHouse-Key");
    return key != null && isProvenBy(headers.getFirst("X-ClickHouse-User"), key);
  }

  private boolean isProvenBy(String userAndPassword) {
    try {
      String decoded =
          new String(Base64.getDecoder().decode(userAndPassword), StandardCharsets.UTF_8);
      int colon = decoded.indexOf(':');
      return colon >= 0 && isProvenBy(decoded.substring(0, colon), decoded.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      // not Base64
      return false;
    }
  }

  private boolean isProvenBy(String givenUser, String givenPassword) {
    String named = givenUser == null || givenUser.isEmpty() ? "default" : givenUser;
    // in the same time wherever they differ
    return MessageDigest.isEqual(
            password.getBytes(StandardCharsets.UTF_8),
            givenPassword.getBytes(StandardCharsets.UTF_8))
        && named.equals(user);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "Login[user=" + user + "]";
  }
}
