package io.millrace.clickhouse.command;

import io.millrace.clickhouse.AggregateTable;
import io.millrace.clickhouse.Layout;
import io.millrace.events.domain.Domain;
import io.millrace.events.domain.DomainCatalog;
import io.millrace.events.domain.InvalidDomainException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which tables, and where they live. */
final class TablesOption {

  /** The kinds of layout, by their names on the command line. */
  enum Kind {
    SINGLE,
    REPLICATED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--domain",
      paramLabel = "NAME",
      description = "May be repeated; default: every domain.")
  private List<String> domains = new ArrayList<>();

  @Option(
      names = "--layout",
      defaultValue = "single",
      description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
  private Kind kind;

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      description = "Name of the cluster in ClickHouse's configuration, for --layout replicated.")
  private Optional<String> cluster;

  Layout layout() {
    if (kind == Kind.SINGLE) {
      if (cluster.isPresent()) {
        throw usage("--cluster goes with --layout replicated only");
      }
      return new Layout.Single();
    }
    try {
      return new Layout.Replicated(
          cluster.orElseThrow(() -> usage("--layout replicated needs --cluster NAME")));
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  List<AggregateTable> tables() {
    try {
      return (domains.isEmpty() ? DomainCatalog.names() : domains)
          .stream().map(Domain::load).map(AggregateTable::of).toList();
    } catch (InvalidDomainException e) {
      throw usage(e.getMessage());
    }
  }

  private ParameterException usage(final String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
