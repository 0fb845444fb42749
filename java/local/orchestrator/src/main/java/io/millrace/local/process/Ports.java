package io.millrace.local.process;

import io.millrace.local.RunFailedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;

/** Hands out loopback ports that nobody listens on, each once. Not thread-safe. */
public final class Ports {

  /** How far from the usual port to look. */
  private static final int RANGE = 200;

  private final Set<Integer> taken = new HashSet<>();

  /**
   * The usual port, or the next free one.
   *
   * @throws RunFailedException if none of the next ports is free
   */
  public int next(final int usual) {
    for (int port = usual; port < usual + RANGE; port++) {
      if (!taken.contains(port) && isFree(port)) {
        taken.add(port);
        return port;
      }
    }
    throw new RunFailedException(
        "No port from " + usual + " to " + (usual + RANGE - 1) + " is free on 127.0.0.1.");
  }

  private static boolean isFree(final int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
