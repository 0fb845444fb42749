package io.millrace.local.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.loopback.RunKey;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.io.network.netty.InboundChannelHandlerFactory;
import org.apache.flink.shaded.netty4.io.netty.buffer.Unpooled;
import org.apache.flink.shaded.netty4.io.netty.channel.embedded.EmbeddedChannel;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.DefaultHttpContent;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.DefaultHttpRequest;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.FullHttpResponse;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpMethod;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpRequest;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpVersion;
import org.apache.flink.util.ConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests at Flink's REST API, as far as they get. */
class OwnRequestsHandlerTest {

  private static final String HOST = "127.0.0.1:8081";

  private final EmbeddedChannel connection;

  OwnRequestsHandlerTest() throws ConfigurationException {
    final InboundChannelHandlerFactory factory =
        ServiceLoader.load(InboundChannelHandlerFactory.class).findFirst().orElseThrow();
    final Configuration settings = new Configuration();
    settings.setString(RunKey.FLINK_SETTING, "the key");
    connection = new EmbeddedChannel(factory.createHandler(settings, Map.of()).orElseThrow());
  }

  private boolean passes(final String method, final String path, final String... headers) {
    final HttpRequest request =
        new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), path);
    request.headers().set("Host", HOST);
    for (int i = 0; i < headers.length; i += 2) {
      request.headers().set(headers[i], headers[i + 1]);
    }
    connection.writeInbound(request, new DefaultHttpContent(Unpooled.copiedBuffer(new byte[10])));
    // what follows a request goes nowhere without it
    final boolean passed = connection.readInbound() instanceof HttpRequest;
    if (!passed) {
      final FullHttpResponse answer = connection.readOutbound();
      assertThat(answer.status().code()).isEqualTo(403);
      assertThat(answer.headers().get("Access-Control-Allow-Origin")).isNull();
      assertThat(connection.isOpen()).isFalse();
      answer.release();
    }
    return passed;
  }

  @ParameterizedTest
  @CsvSource({"GET, /overview", "HEAD, /", "GET, /jars"})
  void programsMayLook(final String method, final String path) {
    assertThat(passes(method, path)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /jars/upload",
    "POST, /jars/x.jar/run",
    "POST, /jobs",
    "DELETE, /jars/x.jar",
    "PATCH, /jobs/x?mode=cancel",
    "OPTIONS, /jars/upload",
    "GET, /jobs/x/yarn-cancel",
    "GET, /jobs/x/yarn-stop?x=1"
  })
  void nobodyButTheRunChangesSomething(final String method, final String path) {
    assertThat(passes(method, path)).isFalse();
  }

  @Test
  void aWrongKeyIsNoKey() {
    assertThat(passes("POST", "/jars/upload", RunKey.HEADER, "another")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"POST, /jars/upload", "PATCH, /jobs/x?mode=cancel"})
  void theRunChangesWhatItWants(final String method, final String path) {
    assertThat(passes(method, path, RunKey.HEADER, "the key")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "Host, rebound.example:8081",
    "Origin, http://evil.example",
    "Origin, null",
    "Sec-Fetch-Site, cross-site",
    "Referer, http://evil.example/"
  })
  void aPageFromElsewhereGetsNothingEvenWithTheKey(final String header, final String value) {
    assertThat(passes("GET", "/overview", header, value, RunKey.HEADER, "the key")).isFalse();
  }

  @Test
  void withoutAKeyTheServerDoesNotStart() {
    assertThatThrownBy(
            () -> new OwnRequestsHandlerFactory().createHandler(new Configuration(), Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(RunKey.FLINK_SETTING);
  }
}
