package io.millrace.flink.sink;

import com.clickhouse.jdbc.Driver;
import io.millrace.events.domain.Domain;
import io.millrace.flink.aggregate.Accumulator;
import io.millrace.flink.aggregate.AccumulatorLayout;
import java.util.List;
import java.util.Properties;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Exactly-once insertion of aggregated rows: the checkpoint holds the batches, and ClickHouse gets
 * them when it is complete, each with a token by which it recognises a repetition.
 *
 * <p>User and password come from the environment of the TaskManager ({@code CLICKHOUSE_USER},
 * {@code CLICKHOUSE_PASSWORD}), so that neither is in the job graph.
 */
public final class ClickHouseSink implements Sink<Accumulator>, SupportsCommitter<RowBatch> {

  private static final long serialVersionUID = 1L;

  private final String domainName;
  private final ClickHouseTarget target;

  public ClickHouseSink(final String domainName, final ClickHouseTarget target) {
    this.domainName = domainName;
    this.target = target;
  }

  @Override
  @Deprecated
  public SinkWriter<Accumulator> createWriter(final InitContext context) {
    return writer();
  }

  @Override
  public SinkWriter<Accumulator> createWriter(final WriterInitContext context) {
    return writer();
  }

  private ClickHouseWriter writer() {
    final Domain domain = Domain.load(domainName);
    return new ClickHouseWriter(
        domain.key(),
        AccumulatorLayout.of(domain).stride(),
        target.batchRows(),
        target.shards().size());
  }

  @Override
  public Committer<RowBatch> createCommitter(final CommitterInitContext context) {
    // the DriverManager looks for drivers once in the life of a JVM, with the first job's classes
    Driver.load();
    final Domain domain = Domain.load(domainName);
    final Properties properties = properties();
    final Quorum quorum = Quorum.within(target.quorum(), target.socketTimeout());
    final List<BatchInserter> shards =
        target.shards().stream()
            .map(replicas -> new BatchInserter(domain, replicas, properties, quorum))
            .toList();
    return new ClickHouseCommitter(shards, context.metricGroup());
  }

  private Properties properties() {
    final Properties properties = new Properties();
    properties.setProperty("socket_timeout", Long.toString(target.socketTimeout().toMillis()));
    final String user = System.getenv("CLICKHOUSE_USER");
    final String password = System.getenv("CLICKHOUSE_PASSWORD");
    if (user != null) {
      properties.setProperty("user", user);
    }
    if (password != null) {
      properties.setProperty("password", password);
    }
    return properties;
  }

  @Override
  public SimpleVersionedSerializer<RowBatch> getCommittableSerializer() {
    return new RowBatchSerializer(AccumulatorLayout.of(Domain.load(domainName)));
  }
}
