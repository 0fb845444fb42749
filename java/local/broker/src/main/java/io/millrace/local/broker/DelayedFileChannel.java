package io.millrace.local.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file whose writes take longer while another file says so, in milliseconds. As thread-safe as
 * the channel behind it.
 */
final class DelayedFileChannel extends FileChannel {

  private final FileChannel file;
  private final Path delay;

  DelayedFileChannel(final FileChannel file, final Path delay) {
    this.file = file;
    this.delay = delay;
  }

  private void delay() throws IOException {
    if (!Files.exists(delay)) {
      return;
    }
    final String millis = Files.readString(delay).strip();
    if (millis.isEmpty()) {
      // it is being written
      return;
    }
    try {
      Thread.sleep(Long.parseLong(millis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public int write(final ByteBuffer source) throws IOException {
    delay();
    return file.write(source);
  }

  @Override
  public long write(final ByteBuffer[] sources, final int offset, final int length)
      throws IOException {
    delay();
    return file.write(sources, offset, length);
  }

  @Override
  public int write(final ByteBuffer source, final long position) throws IOException {
    delay();
    return file.write(source, position);
  }

  @Override
  public void force(final boolean metadata) throws IOException {
    delay();
    file.force(metadata);
  }

  @Override
  public int read(final ByteBuffer target) throws IOException {
    return file.read(target);
  }

  @Override
  public long read(final ByteBuffer[] targets, final int offset, final int length)
      throws IOException {
    return file.read(targets, offset, length);
  }

  @Override
  public int read(final ByteBuffer target, final long position) throws IOException {
    return file.read(target, position);
  }

  @Override
  public long position() throws IOException {
    return file.position();
  }

  @Override
  public FileChannel position(final long position) throws IOException {
    file.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return file.size();
  }

  @Override
  public FileChannel truncate(final long size) throws IOException {
    file.truncate(size);
    return this;
  }

  @Override
  public long transferTo(final long position, final long count, final WritableByteChannel target)
      throws IOException {
    return file.transferTo(position, count, target);
  }

  @Override
  public long transferFrom(final ReadableByteChannel source, final long position, final long count)
      throws IOException {
    delay();
    return file.transferFrom(source, position, count);
  }

  @Override
  public MappedByteBuffer map(final MapMode mode, final long position, final long size)
      throws IOException {
    return file.map(mode, position, size);
  }

  @Override
  public FileLock lock(final long position, final long size, final boolean shared)
      throws IOException {
    return file.lock(position, size, shared);
  }

  @Override
  public FileLock tryLock(final long position, final long size, final boolean shared)
      throws IOException {
    return file.tryLock(position, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    file.close();
  }
}
