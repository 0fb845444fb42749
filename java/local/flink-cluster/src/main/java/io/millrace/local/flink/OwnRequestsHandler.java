package io.millrace.local.flink;

import io.millrace.local.loopback.OwnRequests;
import io.millrace.local.loopback.RunKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.apache.flink.shaded.netty4.io.netty.buffer.Unpooled;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelFutureListener;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelHandlerContext;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelInboundHandlerAdapter;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.DefaultFullHttpResponse;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpHeaderNames;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpMethod;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpRequest;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpVersion;
import org.apache.flink.shaded.netty4.io.netty.util.ReferenceCountUtil;

/**
 * Lets programs and the web UI look, and the run itself change: whoever may submit a job runs code
 * as this user. One for each connection.
 */
final class OwnRequestsHandler extends ChannelInboundHandlerAdapter {

  private static final OwnRequests RULE = new OwnRequests("/", "/index.html");

  /** Flink's only changes by GET end with these. */
  private static final String CHANGE_BY_GET = ".*/yarn-(cancel|stop)/?";

  private final byte[] key;
  private boolean refused;

  OwnRequestsHandler(final String key) {
    this.key = key.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void channelRead(final ChannelHandlerContext context, final Object message) {
    if (message instanceof HttpRequest request && !refused) {
      final Optional<String> refusal = refusal(request);
      if (refusal.isPresent()) {
        refused = true;
        refuse(context, refusal.get());
      }
    }
    if (refused) {
      // the rest of the request too
      ReferenceCountUtil.release(message);
    } else {
      context.fireChannelRead(message);
    }
  }

  private Optional<String> refusal(final HttpRequest request) {
    final String path = request.uri().replaceFirst("[?#].*", "");
    final Optional<String> foreign =
        RULE.refusal(request.method().name(), path, name -> request.headers().get(name));
    if (foreign.isPresent() || !changes(request.method(), path) || hasKey(request)) {
      return foreign;
    }
    return Optional.of("Only the run itself changes its cluster.");
  }

  private static boolean changes(final HttpMethod method, final String path) {
    return !method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)
        || path.matches(CHANGE_BY_GET);
  }

  private boolean hasKey(final HttpRequest request) {
    final String given = request.headers().get(RunKey.HEADER);
    // in the same time wherever they differ
    return given != null && MessageDigest.isEqual(key, given.getBytes(StandardCharsets.UTF_8));
  }

  private static void refuse(final ChannelHandlerContext context, final String reason) {
    final DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.FORBIDDEN,
            Unpooled.copiedBuffer(reason + "\n", StandardCharsets.UTF_8));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
        .set("X-Content-Type-Options", "nosniff")
        .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
        .set(HttpHeaderNames.CONNECTION, "close");
    context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }
}
