package io.millrace.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortsTest {

  @Test
  void aTakenPortIsPassedOver() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      final int port = new Ports().next(taken.getLocalPort());

      assertThat(port).isGreaterThan(taken.getLocalPort());
      // free indeed
      new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
    }
  }

  @Test
  void aPortTakenOnAllInterfacesIsPassedOver() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      assertThat(new Ports().next(taken.getLocalPort())).isGreaterThan(taken.getLocalPort());
    }
  }

  @Test
  void noPortIsHandedOutTwice() {
    final Ports ports = new Ports();

    assertThat(ports.next(20_000)).isNotEqualTo(ports.next(20_000));
  }
}
