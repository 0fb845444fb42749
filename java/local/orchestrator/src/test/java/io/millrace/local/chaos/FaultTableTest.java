package io.millrace.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultTableTest {

  @Test
  void showsTheMiddleAndTheLongestRecoveryOfEveryFault() {
    final StringWriter text = new StringWriter();

    FaultTable.print(
        List.of(
            new Struck("rescale", 1, 30),
            new Struck("kill-producer", 2, 9.5),
            new Struck("rescale", 3, 10),
            new Struck("rescale", 4, 11.2),
            new Struck("kill-producer", 5, 7.5)),
        new PrintWriter(text));

    assertThat(text)
        .hasToString(
            """
            fault                        rounds median recovery   longest
            kill-producer                     2           8.5 s     9.5 s
            rescale                           3          11.2 s    30.0 s
            """);
  }
}
