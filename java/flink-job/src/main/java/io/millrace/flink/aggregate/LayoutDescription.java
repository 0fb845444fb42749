package io.millrace.flink.aggregate;

import io.millrace.flink.aggregate.AccumulatorLayout.FieldSlot;
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

/** The binary form of a serializer's layouts, in savepoints and in the job graph. */
final class LayoutDescription {

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

  static AccumulatorSerializer read(final byte[] description) {
    try {
      return read(new DataInputStream(new ByteArrayInputStream(description)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void write(
      final List<AccumulatorLayout> layouts, final AccumulatorLayout current, final DataOutput out)
      throws IOException {
    out.writeInt(layouts.size());
    for (AccumulatorLayout layout : layouts) {
      writeSlots(layout.lastValues(), out);
      writeSlots(layout.counters(), out);
      writeSlots(layout.measures(), out);
    }
    out.writeInt(layouts.indexOf(current));
  }

  static AccumulatorSerializer read(final DataInput in) throws IOException {
    final List<AccumulatorLayout> layouts = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      layouts.add(new AccumulatorLayout(readSlots(in), readSlots(in), readSlots(in)));
    }
    return new AccumulatorSerializer(layouts, layouts.get(in.readInt()));
  }

  private static void writeSlots(final List<FieldSlot> slots, final DataOutput out)
      throws IOException {
    out.writeInt(slots.size());
    for (FieldSlot slot : slots) {
      out.writeUTF(slot.name());
      out.writeLong(slot.absent());
    }
  }

  private static List<FieldSlot> readSlots(final DataInput in) throws IOException {
    final List<FieldSlot> slots = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      slots.add(new FieldSlot(in.readUTF(), in.readLong()));
    }
    return List.copyOf(slots);
  }
}
