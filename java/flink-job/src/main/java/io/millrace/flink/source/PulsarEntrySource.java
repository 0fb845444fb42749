package io.millrace.flink.source;

import io.millrace.events.domain.Domain;
import io.millrace.flink.connection.PulsarConnection;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * A Flink source that reads a Pulsar topic by whole entries and gives out decoded events.
 *
 * <p>Written for exactness and speed where the released connector has neither: that one keeps the
 * position of a message, and a recovery in the middle of a batch goes on after the batch's end
 * (FLINK-36180); and it makes several objects per message. Here a position is that of an entry.
 */
public final class PulsarEntrySource
    implements Source<EventBatch, PartitionSplit, EnumeratorState>,
        ResultTypeQueryable<EventBatch> {

  private static final long serialVersionUID = 1L;

  /**
   * What to read.
   *
   * @param domain name of the domain
   * @param topic full name of the topic
   * @param subscription durable subscription that marks what checkpoints cover
   * @param receiverQueueEntries entries that wait in the client for each partition
   * @param stallTimeout how long a partition that has entries may give none
   * @param discoveryInterval how often new partitions are looked for
   * @param start what to do without state
   * @param stateCheck what to do with a state that does not fit the topic
   */
  public record Options(
      PulsarConnection connection,
      String domain,
      String topic,
      String subscription,
      int receiverQueueEntries,
      Duration stallTimeout,
      Duration discoveryInterval,
      EventTimePolicy eventTime,
      Start start,
      StateCheck stateCheck)
      implements Serializable {}

  /**
   * What a start without state does. Immutable.
   *
   * @param anyway whether it begins at the topic's beginning although its subscription has moved
   * @param stateFolders URIs of the folders of checkpoints and savepoints
   */
  public record Start(boolean anyway, List<String> stateFolders) implements Serializable {

    public Start {
      stateFolders = List.copyOf(stateFolders);
    }
  }

  private final Options options;

  public PulsarEntrySource(final Options options) {
    this.options = options;
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.CONTINUOUS_UNBOUNDED;
  }

  @Override
  public SplitEnumerator<PartitionSplit, EnumeratorState> createEnumerator(
      final SplitEnumeratorContext<PartitionSplit> context) {
    return restoreEnumerator(context, new EnumeratorState(0, List.of()));
  }

  @Override
  public SplitEnumerator<PartitionSplit, EnumeratorState> restoreEnumerator(
      final SplitEnumeratorContext<PartitionSplit> context, final EnumeratorState state) {
    return new PartitionEnumerator(
        context, options, state, state.discovered() == 0 && !options.start().anyway());
  }

  @Override
  public SourceReader<EventBatch, PartitionSplit> createReader(final SourceReaderContext context)
      throws PulsarClientException {
    return new EntryReader(
        context, Domain.load(options.domain()), options.connection().open(), options);
  }

  @Override
  public SimpleVersionedSerializer<PartitionSplit> getSplitSerializer() {
    return new PartitionSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<EnumeratorState> getEnumeratorCheckpointSerializer() {
    return new EnumeratorStateSerializer();
  }

  @Override
  public TypeInformation<EventBatch> getProducedType() {
    return TypeInformation.of(EventBatch.class);
  }
}
