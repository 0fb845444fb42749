package io.millrace.flink.aggregate;

import io.millrace.flink.aggregate.AccumulatorLayout.FieldSlot;
import io.millrace.flink.aggregate.AccumulatorLayout.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The binary form of a serializer's layouts, in savepoints and in the job graph. Version 1 has the
 * names and defaults of fields; version 2 begins with the number of words that every row has before
 * its fields, and adds their kinds and aliases. Every version is read, the newest is written.
 */
final class LayoutDescription {

  /** Of what {@link #write} writes; stored by whoever stores a description. */
  static final int VERSION = 2;

  private static final int NAMES_AND_DEFAULTS = 1;

  private LayoutDescription() {}

  static byte[] write(final List<AccumulatorLayout> layouts, final AccumulatorLayout current) {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      write(layouts, current, new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static AccumulatorSerializer read(final int version, final byte[] description) {
    try {
      return read(version, new DataInputStream(new ByteArrayInputStream(description)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void write(
      final List<AccumulatorLayout> layouts, final AccumulatorLayout current, final DataOutput out)
      throws IOException {
    out.writeInt(AccumulatorLayout.FIRST_LAST_VALUE);
    out.writeInt(layouts.size());
    for (AccumulatorLayout layout : layouts) {
      writeSlots(layout.lastValues(), out);
      writeSlots(layout.counters(), out);
      writeSlots(layout.measures(), out);
    }
    out.writeInt(layouts.indexOf(current));
  }

  /**
   * Reads what a build wrote.
   *
   * @throws IOException if it is of a later build, or the rows begin with other words
   */
  static AccumulatorSerializer read(final int version, final DataInput in) throws IOException {
    if (version < NAMES_AND_DEFAULTS || version > VERSION) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "The savepoint has rows of version %d; this build reads versions %d to %d",
              version,
              NAMES_AND_DEFAULTS,
              VERSION));
    }
    if (version > NAMES_AND_DEFAULTS) {
      final int fixedWords = in.readInt();
      if (fixedWords != AccumulatorLayout.FIRST_LAST_VALUE) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "The savepoint has rows that begin with %d words; this build reads those of %d",
                fixedWords,
                AccumulatorLayout.FIRST_LAST_VALUE));
      }
    }
    final List<AccumulatorLayout> layouts = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      layouts.add(
          new AccumulatorLayout(
              readSlots(version, in), readSlots(version, in), readSlots(version, in)));
    }
    return new AccumulatorSerializer(layouts, layouts.get(in.readInt()));
  }

  private static void writeSlots(final List<FieldSlot> slots, final DataOutput out)
      throws IOException {
    out.writeInt(slots.size());
    for (FieldSlot slot : slots) {
      out.writeUTF(slot.name());
      out.writeLong(slot.absent());
      out.writeByte(slot.kind().ordinal());
      out.writeByte(slot.aliases().size());
      for (String alias : slot.aliases()) {
        out.writeUTF(alias);
      }
    }
  }

  private static List<FieldSlot> readSlots(final int version, final DataInput in)
      throws IOException {
    final List<FieldSlot> slots = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      slots.add(
          version == NAMES_AND_DEFAULTS
              ? new FieldSlot(in.readUTF(), in.readLong())
              : new FieldSlot(
                  in.readUTF(),
                  in.readLong(),
                  Kind.values()[in.readUnsignedByte()],
                  readNames(in)));
    }
    return List.copyOf(slots);
  }

  private static List<String> readNames(final DataInput in) throws IOException {
    final List<String> names = new ArrayList<>();
    for (int i = in.readUnsignedByte(); i > 0; i--) {
      names.add(in.readUTF());
    }
    return names;
  }
}
