package io.millrace.events.codec;

/**
 * Steps over a value nobody reads. All of them return the position after the value, or {@link
 * Varint#MALFORMED} when the bytes are not such a value or reach beyond {@code end}.
 */
sealed interface Skip {

  int skip(byte[] buffer, int position, int end);

  /** A fixed number of bytes. */
  record Fixed(int size) implements Skip {
    @Override
    public int skip(final byte[] buffer, final int position, final int end) {
      return size <= end - position ? position + size : Varint.MALFORMED;
    }
  }

  /** An int, a long, or an enum's index; int-sized ones are held to five bytes. */
  record Number(int maxBytes) implements Skip {
    @Override
    public int skip(final byte[] buffer, final int position, final int end) {
      return Varint.end(buffer, position, end, maxBytes);
    }
  }

  /** Bytes or a string: a length and so many bytes. */
  record Bytes() implements Skip {
    @Override
    public int skip(final byte[] buffer, final int position, final int end) {
      final int start = Varint.end(buffer, position, end, Varint.LONG_BYTES);
      if (start < 0) {
        return Varint.MALFORMED;
      }
      final long length = Varint.value(buffer, position, start);
      return length >= 0 && length <= end - start ? start + (int) length : Varint.MALFORMED;
    }
  }

  /** The fields of a record, one after the other. */
  record Sequence(Skip[] parts) implements Skip {
    @Override
    public int skip(final byte[] buffer, final int position, final int end) {
      int at = position;
      for (int i = 0; i < parts.length && at >= 0; i++) {
        at = parts[i].skip(buffer, at, end);
      }
      return at;
    }
  }

  /** The branch of a union that the bytes name. */
  record Branch(Skip[] branches) implements Skip {
    @Override
    public int skip(final byte[] buffer, final int position, final int end) {
      final int start = Varint.end(buffer, position, end, Varint.INT_BYTES);
      if (start < 0) {
        return Varint.MALFORMED;
      }
      final int branch = (int) Varint.value(buffer, position, start);
      return branch >= 0 && branch < branches.length
          ? branches[branch].skip(buffer, start, end)
          : Varint.MALFORMED;
    }
  }

  /** An array or a map: blocks of items, each with a count, the last one empty. */
  record Blocks(Skip item) implements Skip {
    @Override
    public int skip(final byte[] buffer, final int position, final int end) {
      int at = position;
      while (true) {
        final int start = Varint.end(buffer, at, end, Varint.LONG_BYTES);
        if (start < 0) {
          return Varint.MALFORMED;
        }
        final long count = Varint.value(buffer, at, start);
        if (count == 0) {
          return start;
        }
        at = count < 0 ? sized(buffer, start, end) : items(buffer, start, end, count);
        if (at < 0) {
          return Varint.MALFORMED;
        }
      }
    }

    /** A negative count is followed by the block's size in bytes. */
    private static int sized(final byte[] buffer, final int position, final int end) {
      return new Bytes().skip(buffer, position, end);
    }

    private int items(final byte[] buffer, final int position, final int end, final long count) {
      int at = position;
      for (long i = 0; i < count; i++) {
        final int next = item.skip(buffer, at, end);
        if (next < 0) {
          return Varint.MALFORMED;
        }
        if (next == at) {
          // items without bytes, such as nulls: a hostile count must not keep us busy
          return at;
        }
        at = next;
      }
      return at;
    }
  }
}
