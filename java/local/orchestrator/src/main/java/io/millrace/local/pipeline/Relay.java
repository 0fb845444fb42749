package io.millrace.local.pipeline;

import io.millrace.local.RunFailedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The network between the job and one server: passes the bytes of TCP connections on from a
 * loopback port to the server's, until it is told not to. It lives as long as this JVM.
 * Thread-safe.
 */
public final class Relay {

  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final int BUFFER_BYTES = 1 << 16;

  private enum State {
    PASSING,
    HANGING,
    CUT
  }

  private final ServerSocket entrance;
  private final int serverPort;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private State state = State.PASSING;

  /**
   * @param port where it listens
   * @param serverPort where the server does, now or later
   * @throws RunFailedException if it cannot listen
   */
  public Relay(final int port, final int serverPort) {
    this.serverPort = serverPort;
    try {
      this.entrance = new ServerSocket();
      entrance.setReuseAddress(true);
      entrance.bind(new InetSocketAddress(LOOPBACK, port));
    } catch (IOException e) {
      throw new RunFailedException("Nothing can listen on port " + port + ": " + e + ".", e);
    }
    start(this::accept);
  }

  /** Ends every connection, and from now on each new one at once. */
  public synchronized void cut() {
    change(State.CUT);
    open.forEach(Relay::close);
  }

  /** Connections stay open and new ones can be made, but nothing moves on them. */
  public synchronized void hang() {
    change(State.HANGING);
  }

  /** Passes bytes on again; those that came meanwhile are late, as after a retransmission. */
  public synchronized void heal() {
    change(State.PASSING);
  }

  private void change(final State next) {
    state = next;
    notifyAll();
  }

  private void accept() {
    while (true) {
      try {
        final Socket client = entrance.accept();
        open.add(client);
        start(() -> connect(client));
      } catch (IOException e) {
        // a connection that was gone before it was there; the next one may come
        continue;
      }
    }
  }

  private void connect(final Socket client) {
    final Socket server = new Socket();
    try {
      open.add(server);
      requirePassage();
      server.connect(new InetSocketAddress(LOOPBACK, serverPort));
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      final AtomicInteger directions = new AtomicInteger(2);
      start(() -> pass(client, server, directions));
      pass(server, client, directions);
    } catch (IOException e) {
      // cut off, or the server is away: the client sees what it would see without a relay
      end(client, server);
    }
  }

  /** A side that has nothing more to say may still listen. */
  private void pass(final Socket from, final Socket to, final AtomicInteger directions) {
    final byte[] buffer = new byte[BUFFER_BYTES];
    try {
      final InputStream in = from.getInputStream();
      final OutputStream out = to.getOutputStream();
      for (int bytes = in.read(buffer); bytes >= 0; bytes = in.read(buffer)) {
        requirePassage();
        out.write(buffer, 0, bytes);
      }
      to.shutdownOutput();
      if (directions.decrementAndGet() == 0) {
        end(from, to);
      }
    } catch (IOException e) {
      // one side is gone, and the other one has to know
      end(from, to);
    }
  }

  /** Waits while nothing moves. */
  private synchronized void requirePassage() throws IOException {
    try {
      while (state == State.HANGING) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    if (state == State.CUT) {
      throw new IOException("cut off");
    }
  }

  private void end(final Socket one, final Socket other) {
    close(one);
    close(other);
    open.remove(one);
    open.remove(other);
  }

  private static void close(final Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone, which is all that was wanted
      return;
    }
  }

  private static void start(final Runnable work) {
    final Thread thread = new Thread(work, "relay");
    thread.setDaemon(true);
    thread.start();
  }
}
