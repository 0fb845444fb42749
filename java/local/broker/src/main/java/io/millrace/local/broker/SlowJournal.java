package io.millrace.local.broker;

import java.io.File;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.apache.bookkeeper.bookie.BookieFileChannel;
import org.apache.bookkeeper.bookie.DefaultFileChannelProvider;
import org.apache.bookkeeper.conf.ServerConfiguration;

/**
 * The journal files of a bookie, on a disk that can be made slow: while the file that {@link
 * #DELAY_FILE} names exists, every write takes longer by the milliseconds in it. Nothing is
 * confirmed to a broker before it is in the journal.
 */
public final class SlowJournal extends DefaultFileChannelProvider {

  /** Setting of the bookie: the file with the milliseconds. */
  static final String DELAY_FILE = "journalDelayFile";

  @Override
  public BookieFileChannel open(final File file, final ServerConfiguration configuration)
      throws IOException {
    return new Channel(
        super.open(file, configuration), Path.of(configuration.getString(DELAY_FILE)));
  }

  private record Channel(BookieFileChannel disk, Path delay) implements BookieFileChannel {

    @Override
    public FileChannel getFileChannel() throws IOException {
      return new DelayedFileChannel(disk.getFileChannel(), delay);
    }

    @Override
    public boolean fileExists(final File file) {
      return disk.fileExists(file);
    }

    @Override
    public FileDescriptor getFD() throws IOException {
      return disk.getFD();
    }

    @Override
    public void close() throws IOException {
      disk.close();
    }
  }
}
