package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class SurroundingsTest {

  @Test
  void whatIsOddIsSaid() {
    assertThat(
            new Surroundings(
                    "/my checkout",
                    "UTF-8",
                    Optional.of("nowhere"),
                    "-XX:+UseG1GC of JAVA_TOOL_OPTIONS")
                .lines())
        .containsExactly(
            "checkout in /my checkout, names of files in UTF-8",
            "the host name nowhere does not resolve; Millrace does without it",
            "left out: -XX:+UseG1GC of JAVA_TOOL_OPTIONS; every process of Millrace has its own"
                + " garbage collector, heap and language");
  }

  @Test
  void withoutALauncherThereIsNothingToSay() {
    assertThat(new Surroundings("", "UTF-8", Optional.empty(), "").lines()).isEmpty();
  }
}
