package io.millrace.local.process;

import io.millrace.local.RunFailedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;

/**
 * Hands out loopback ports that nobody listens on, each once. Not thread-safe.
 *
 * <p>A port stays spoken for until {@link #close()} or the end of this process, however it ends:
 * its server takes seconds to listen on it, and more when it is started again, during which another
 * run must not choose it. The mark is a socket on the same port of the second loopback address,
 * which the kernel closes with the process. Where a system has only one such address (macOS),
 * nothing is spoken for.
 */
public final class Ports implements AutoCloseable {

  /** How far from the usual port to look. */
  private static final int RANGE = 200;

  private static final InetAddress SERVERS = InetAddress.getLoopbackAddress();

  private static final InetAddress MARKS = secondLoopbackAddress();

  private final Map<Integer, ServerSocket> marks = new HashMap<>();
  private final boolean marksArePossible = isFree(MARKS, 0);

  private static InetAddress secondLoopbackAddress() {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The usual port, or the next free one.
   *
   * @throws RunFailedException if none of the next ports is free
   */
  public int next(final int usual) {
    for (int port = usual; port < usual + RANGE; port++) {
      if (speakFor(port)) {
        return port;
      }
    }
    throw new RunFailedException(
        "No port from " + usual + " to " + (usual + RANGE - 1) + " is free on 127.0.0.1.");
  }

  private boolean speakFor(final int port) {
    if (marks.containsKey(port) || !isFree(SERVERS, port)) {
      return false;
    }
    try {
      marks.put(port, marksArePossible ? listen(MARKS, port) : new ServerSocket());
      return true;
    } catch (IOException e) {
      // another run has spoken for it
      return false;
    }
  }

  private static boolean isFree(final InetAddress address, final int port) {
    try {
      listen(address, port).close();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static ServerSocket listen(final InetAddress address, final int port) throws IOException {
    final ServerSocket socket = new ServerSocket();
    try {
      socket.bind(new InetSocketAddress(address, port));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Lets others have the ports. */
  @Override
  public void close() throws IOException {
    for (ServerSocket mark : marks.values()) {
      mark.close();
    }
    marks.clear();
  }
}
