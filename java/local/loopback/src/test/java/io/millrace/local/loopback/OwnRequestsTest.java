package io.millrace.local.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers as Chromium, curl and the JDK's client send them. */
class OwnRequestsTest {

  private final OwnRequests rule = new OwnRequests("/");

  private boolean refuses(final String method, final String path, final String headers) {
    final Map<String, String> given = new HashMap<>();
    Arrays.stream(headers.split(", "))
        .map(header -> header.split("=", 2))
        .forEach(header -> given.put(header[0], header[1]));
    return rule.refusal(method, path, given::get).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host=127.0.0.1:8081",
        "Host=localhost:8081",
        "Host=[::1]:8081",
        "Host=LOCALHOST",
        "Host=127.0.0.1:8081, Sec-Fetch-Site=none",
        "Host=127.0.0.1:8081, Origin=http://127.0.0.1:8081, Referer=http://127.0.0.1:8081/x,"
            + " Sec-Fetch-Site=same-origin"
      })
  void programsAndTheServersOwnPagesAreAnswered(final String headers) {
    assertThat(refuses("GET", "/jobs", headers)).isFalse();
    assertThat(refuses("POST", "/", headers)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host=evil.example",
        "Host=127.0.0.1.evil.example",
        "Host=evil@127.0.0.1",
        "Host=127.0.0.1:x y",
        "Host=0.0.0.0:8081",
        "Host=127.0.0.1:8081, Origin=null",
        "Host=127.0.0.1:8081, Origin=http://127.0.0.1:3000",
        "Host=127.0.0.1:8081, Origin=https://127.0.0.1:8081",
        "Host=127.0.0.1:8081, Referer=http://127.0.0.1:80810/",
        "Host=127.0.0.1:8081, Referer=https://evil.example/",
        "Host=127.0.0.1:8081, Sec-Fetch-Site=cross-site",
        "Host=127.0.0.1:8081, Sec-Fetch-Site=same-site"
      })
  void pagesFromElsewhereAreNot(final String headers) {
    assertThat(refuses("GET", "/jobs", headers)).isTrue();
    assertThat(refuses("GET", "/", headers)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"same-site", "cross-site"})
  void aLinkOpensTheEntryPageAndNothingElse(final String site) {
    final String link =
        "Host=127.0.0.1:8081, Referer=http://127.0.0.1:8090/, Sec-Fetch-Mode=navigate,"
            + " Sec-Fetch-Site="
            + site;
    assertThat(refuses("GET", "/", link + ", Sec-Fetch-Dest=document")).isFalse();
    assertThat(refuses("GET", "/jobs/1/yarn-cancel", link + ", Sec-Fetch-Dest=document")).isTrue();
    assertThat(refuses("POST", "/", link + ", Sec-Fetch-Dest=document")).isTrue();
    assertThat(refuses("GET", "/", link + ", Sec-Fetch-Dest=iframe")).isTrue();
    assertThat(refuses("GET", "/", link + ", Sec-Fetch-Dest=document, Origin=null")).isTrue();
  }
}
