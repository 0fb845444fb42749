package io.millrace.flink.source;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Version 1: number of discovered partitions, then the unassigned splits. */
final class EnumeratorStateSerializer implements SimpleVersionedSerializer<EnumeratorState> {

  @Override
  public int getVersion() {
    return PartitionSplitSerializer.VERSION;
  }

  @Override
  public byte[] serialize(final EnumeratorState state) throws IOException {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(state.discovered());
    out.writeInt(state.unassigned().size());
    for (PartitionSplit split : state.unassigned()) {
      PartitionSplitSerializer.write(split, out);
    }
    return bytes.toByteArray();
  }

  @Override
  public EnumeratorState deserialize(final int version, final byte[] serialized)
      throws IOException {
    PartitionSplitSerializer.requireVersion(version);
    final DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized));
    final int discovered = in.readInt();
    final List<PartitionSplit> unassigned = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      unassigned.add(PartitionSplitSerializer.read(in));
    }
    return new EnumeratorState(discovered, unassigned);
  }
}
