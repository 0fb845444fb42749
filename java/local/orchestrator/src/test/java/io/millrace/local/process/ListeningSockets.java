package io.millrace.local.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The TCP sockets on which processes of this machine listen, as Linux tells them. */
public final class ListeningSockets {

  private static final String LISTEN = "0A";

  /** 127.x.y.z as {@code /proc/net/tcp} writes it, and in IPv6 by itself or mapped. */
  private static final String LOOPBACK = "[0-9A-F]{6}7F|0{24}01000000|0{16}FFFF0000[0-9A-F]{6}7F";

  private ListeningSockets() {}

  /**
   * A socket.
   *
   * @param address in hexadecimal, as Linux writes it
   */
  public record Listening(String address, int port) {

    public boolean isLoopback() {
      return address.matches(LOOPBACK);
    }
  }

  /** Of a process and everything that it started. */
  public static List<Listening> of(final ProcessHandle process) throws IOException {
    final Set<String> inodes = new HashSet<>();
    for (ProcessHandle one : Stream.concat(Stream.of(process), process.descendants()).toList()) {
      inodes.addAll(inodes(one.pid()));
    }
    final List<Listening> found = new ArrayList<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      if (Files.exists(Path.of(table))) {
        for (String line : Files.readAllLines(Path.of(table))) {
          final String[] columns = line.strip().split("\\s+");
          if (columns[3].equals(LISTEN) && inodes.contains("socket:[" + columns[9] + "]")) {
            final String[] local = columns[1].split(":");
            found.add(new Listening(local[0], Integer.parseInt(local[1], 16)));
          }
        }
      }
    }
    return found;
  }

  private static Set<String> inodes(final long pid) throws IOException {
    final Set<String> inodes = new HashSet<>();
    try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
      for (Path descriptor : open) {
        try {
          inodes.add(Files.readSymbolicLink(descriptor).toString());
        } catch (NoSuchFileException e) {
          // closed meanwhile
        }
      }
    } catch (NoSuchFileException e) {
      // ended meanwhile
    }
    return inodes;
  }
}
