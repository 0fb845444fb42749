package io.millrace.local.pipeline;

import io.millrace.local.RunFailedException;
import io.millrace.local.process.ChildProcess;
import io.millrace.local.process.Ports;
import io.millrace.local.process.ProcessSpec;
import io.millrace.local.process.RestartableProcess;
import io.millrace.local.process.Supervisor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a broker stores its messages in, in processes of their own: ZooKeeper and bookies. Each can
 * be ended and started again.
 */
public final class BookieEnsemble {

  private static final Duration START_PATIENCE = Duration.ofMinutes(3);
  private static final String MAIN_CLASS = "io.millrace.local.broker.EnsembleMember";

  /**
   * A server of it.
   *
   * @param port where it listens once it is ready
   */
  public record Member(RestartableProcess process, int port) {}

  private final Supervisor supervisor;
  private final Installation installation;
  private final RunDirectory run;
  private final Member zooKeeper;
  private final ProcessSpec metadata;
  private final List<Member> bookies;
  private final Path delayFile;

  BookieEnsemble(
      final Supervisor supervisor,
      final Installation installation,
      final RunDirectory run,
      final Ports ports,
      final int bookies,
      final int brokerPort,
      final int brokerWebPort) {
    this.supervisor = supervisor;
    this.installation = installation;
    this.run = run;
    final int zooKeeperPort = ports.next(2181);
    this.zooKeeper =
        new Member(
            new RestartableProcess(
                supervisor,
                process(
                    "zookeeper",
                    "128m",
                    "zookeeper",
                    "--data",
                    run.data().resolve("zookeeper").toString(),
                    "--port",
                    Integer.toString(zooKeeperPort))),
            zooKeeperPort);
    this.metadata =
        process(
            "metadata",
            "256m",
            "metadata",
            "--zookeeper-port",
            Integer.toString(zooKeeperPort),
            "--port",
            Integer.toString(brokerPort),
            "--web-port",
            Integer.toString(brokerWebPort));
    this.delayFile = run.data().resolve("bookies-delay");
    final List<Member> members = new ArrayList<>();
    for (int ordinal = 0; ordinal < bookies; ordinal++) {
      final int port = ports.next(3181);
      members.add(
          new Member(
              new RestartableProcess(
                  supervisor,
                  process(
                      "bookie-" + ordinal,
                      "192m",
                      "bookie",
                      "--data",
                      data(ordinal).toString(),
                      "--port",
                      Integer.toString(port),
                      "--zookeeper-port",
                      Integer.toString(zooKeeperPort),
                      "--delay-file",
                      delayFile.toString())),
              port));
    }
    this.bookies = Collections.unmodifiableList(members);
  }

  private Path data(final int ordinal) {
    return run.data().resolve("bookie-" + ordinal);
  }

  private ProcessSpec process(final String name, final String heap, final String... arguments) {
    return installation
        .module("local/broker")
        .process(
            name,
            JvmFlags.ofPulsar(run, heap, "256m").with("-XX:+UseSerialGC").list(),
            MAIN_CLASS,
            List.of(arguments),
            run.root());
  }

  /** Starts all of it for the first time and waits until a broker can use it. */
  void start() throws InterruptedException {
    zooKeeper.process().start();
    awaitReady(zooKeeper);
    final ChildProcess setup = supervisor.start(metadata);
    setup.expectExit();
    supervisor.await("Pulsar's metadata are not made", START_PATIENCE, () -> !setup.isAlive());
    if (setup.exitCode() != 0) {
      throw supervisor.failure(setup);
    }
    bookies.forEach(bookie -> bookie.process().start());
    for (Member bookie : bookies) {
      awaitReady(bookie);
    }
  }

  /** Starts again what does not run, and waits until it is ready. */
  void startMissing() throws InterruptedException {
    for (Member member : Stream.concat(Stream.of(zooKeeper), bookies.stream()).toList()) {
      if (!member.process().current().isAlive()) {
        startAgain(member);
      }
    }
  }

  /**
   * Starts a server that was ended and waits until it is ready.
   *
   * @throws RunFailedException if it is not
   */
  public void startAgain(final Member member) throws InterruptedException {
    member.process().start();
    awaitReady(member);
  }

  private void awaitReady(final Member member) throws InterruptedException {
    supervisor.await(
        "The " + member.process().current().name() + " is not ready",
        START_PATIENCE,
        () -> {
          try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), member.port())) {
            return socket.isConnected();
          }
        });
  }

  /**
   * Makes the disks of all bookies slower, those of bookies that start later too.
   *
   * @param delay of every write, at least a millisecond
   */
  public void slowDisks(final Duration delay) {
    try {
      Files.writeString(delayFile, Long.toString(delay.toMillis()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets disks be as fast as they are. */
  public void healDisks() {
    try {
      Files.deleteIfExists(delayFile);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files in which a bookie keeps the entries of all ledgers, newest last. */
  public List<Path> entryLogs(final int ordinal) {
    try (Stream<Path> files = Files.list(data(ordinal).resolve("ledgers/current"))) {
      return files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the broker and the bookies have their metadata. */
  public Member zooKeeper() {
    return zooKeeper;
  }

  /** At least three. */
  public List<Member> bookies() {
    return bookies;
  }
}
