package io.millrace.flink.side;

import io.millrace.flink.connection.PulsarConnection;
import java.io.IOException;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.pulsar.client.api.PulsarClient;

/** Exactly-once publication of messages that leave the main path, such as late events. */
public final class SideTopicSink implements Sink<RawMessage>, SupportsCommitter<RawBatch> {

  private static final long serialVersionUID = 1L;

  private final PulsarConnection connection;
  private final String topic;

  public SideTopicSink(final PulsarConnection connection, final String topic) {
    this.connection = connection;
    this.topic = topic;
  }

  @Override
  @Deprecated
  public SinkWriter<RawMessage> createWriter(final InitContext context) {
    return writer(context.getSubtaskId());
  }

  @Override
  public SinkWriter<RawMessage> createWriter(final WriterInitContext context) {
    return writer(context.getTaskInfo().getIndexOfThisSubtask());
  }

  private SideTopicWriter writer(final int subtask) {
    return new SideTopicWriter(subtask, this::partition);
  }

  /** Through a client for this question alone: most subtasks never have a message. */
  private int partition(final int subtask) throws IOException, InterruptedException {
    try (PulsarClient client = connection.open()) {
      return new SideTopic(client, topic).partitionOf(subtask);
    }
  }

  @Override
  public Committer<RawBatch> createCommitter(final CommitterInitContext context)
      throws IOException {
    return new SideTopicCommitter(connection.open(), topic);
  }

  @Override
  public SimpleVersionedSerializer<RawBatch> getCommittableSerializer() {
    return new RawBatchSerializer();
  }
}
