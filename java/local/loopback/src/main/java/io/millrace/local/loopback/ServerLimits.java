package io.millrace.local.loopback;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What keeps slow clients from using up a server of the JDK. */
public final class ServerLimits {

  private static final Duration IDLE_THREAD = Duration.ofSeconds(60);

  private ServerLimits() {}

  /**
   * Bounds how long a request may take to arrive, and an answer to be sent, in this process. To be
   * called before its first server is made: the JDK reads these settings once. What a command line
   * sets already, stays.
   *
   * @param request from its first byte to the end of its body, in whole seconds
   * @param response from then to the end of the answer; null for no bound
   */
  public static void set(final Duration request, final Duration response) {
    setUnlessSet("sun.net.httpserver.maxReqTime", request);
    if (response != null) {
      setUnlessSet("sun.net.httpserver.maxRspTime", response);
    }
  }

  private static void setUnlessSet(final String property, final Duration bound) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, Long.toString(bound.toSeconds()));
    }
  }

  /**
   * Daemon threads that are made when they are needed; requests beyond them wait.
   *
   * @param name of the threads, with a number behind
   * @param most at once
   */
  public static ExecutorService threads(final String name, final int most) {
    final AtomicInteger number = new AtomicInteger();
    final ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            most,
            most,
            IDLE_THREAD.toSeconds(),
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              final Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }
}
