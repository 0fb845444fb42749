package io.millrace.local.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.bookkeeper.bookie.BookieFileChannel;
import org.apache.bookkeeper.bookie.FileChannelProvider;
import org.apache.bookkeeper.conf.ServerConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlowJournalTest {

  private static final Duration DELAY = Duration.ofMillis(300);

  @TempDir private Path directory;
  private Path delay;
  private ServerConfiguration configuration;

  @BeforeEach
  void name() {
    delay = directory.resolve("delay");
    configuration = new ServerConfiguration();
    configuration.setProperty(SlowJournal.DELAY_FILE, delay.toString());
  }

  @Test
  void everyWriteTakesLongerWhileTheFileSaysSo() throws IOException {
    try (FileChannelProvider provider =
        FileChannelProvider.newProvider(SlowJournal.class.getName())) {
      final BookieFileChannel journal =
          provider.open(directory.resolve("1.txn").toFile(), configuration);
      Files.writeString(delay, Long.toString(DELAY.toMillis()));
      assertThat(write(journal)).isGreaterThanOrEqualTo(DELAY);
      Files.delete(delay);
      write(journal);
      assertThat(directory.resolve("1.txn")).hasBinaryContent(new byte[] {1, 2, 1, 2});
      provider.close(journal);
    }
  }

  private static Duration write(final BookieFileChannel journal) throws IOException {
    final long start = System.nanoTime();
    journal.getFileChannel().write(ByteBuffer.wrap(new byte[] {1, 2}));
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
