package io.millrace.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class PortsTest {

  @Test
  void aTakenPortIsPassedOver() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Ports ports = new Ports()) {
      final int port = ports.next(taken.getLocalPort());

      assertThat(port).isGreaterThan(taken.getLocalPort());
      // free indeed
      new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
    }
  }

  @Test
  void aPortTakenOnAllInterfacesIsPassedOver() throws Exception {
    try (ServerSocket taken = new ServerSocket(0);
        Ports ports = new Ports()) {
      assertThat(ports.next(taken.getLocalPort())).isGreaterThan(taken.getLocalPort());
    }
  }

  @Test
  void noPortIsHandedOutTwice() throws Exception {
    try (Ports ports = new Ports()) {
      assertThat(ports.next(20_000)).isNotEqualTo(ports.next(20_000));
    }
  }

  @Test
  void aPortOfAnotherRunIsPassedOverAlthoughNobodyListens() throws Exception {
    Assumptions.assumeTrue(
        System.getProperty("os.name").equals("Linux"), "Only Linux has more loopback addresses.");
    try (Ports ours = new Ports()) {
      final int port;
      try (Ports others = new Ports()) {
        port = others.next(21_000);
        assertThat(ours.next(port)).isGreaterThan(port);
      }

      assertThat(ours.next(port)).isEqualTo(port);
    }
  }
}
