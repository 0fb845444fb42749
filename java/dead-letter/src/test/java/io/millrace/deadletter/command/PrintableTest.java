package io.millrace.deadletter.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {

  @Test
  void aTerminalIsGivenNothingToObey() {
    assertThat(Printable.of("x\u001b]0;owned\u0007\u001b[2J\r\n\u009b2J"))
        .isEqualTo("x\\u{1b}]0;owned\\u{7}\\u{1b}[2J\\u{d}\\u{a}\\u{9b}2J");
    assertThat(Printable.of("\u202egnirts\u2028\ud800"))
        .isEqualTo("\\u{202e}gnirts\\u{2028}\\u{d800}");
  }

  @Test
  void wordsOfEveryLanguageStayAsTheyAre() {
    final String text = "Gerät 測定器 'x' \\ \ud83d\ude00";
    assertThat(Printable.of(text)).isEqualTo(text);
  }
}
