package io.millrace.deadletter.command;

import io.millrace.deadletter.DeadLetterException;
import io.millrace.deadletter.DeadLetterTopic;
import io.millrace.deadletter.LetterId;
import io.millrace.deadletter.Replay;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace dead-letter replay}. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Puts dead letters back into their topic, in the partition of their source, each once:"
          + " done again, it leaves alone what is back already.",
      "Originals that the job would refuse again are left alone too; save them with"
          + " dead-letter list --save, repair the files, and name the directory."
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 refused or failed, 2 bad usage.",
      "",
      "Example:",
      "  millrace dead-letter replay --reason future"
    })
final class ReplayCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ConnectionOptions connection;

  @Mixin private SelectionOptions which;

  @Option(names = "--all", description = "Every letter.")
  private boolean all;

  @Option(
      names = "--from",
      paramLabel = "DIR",
      description = "Repaired letters instead: every DIR/ID.bin, in the original's schema.")
  private Path directory;

  @Option(names = "--dry-run", description = "Send nothing; say what would be sent.")
  private boolean rehearsal;

  private ReplayCommand() {}

  @Override
  public Integer call() {
    final int ways = (which.isEverything() ? 0 : 1) + (all ? 1 : 0) + (directory == null ? 0 : 1);
    if (ways != 1) {
      throw new ParameterException(
          spec.commandLine(),
          "Say which letters to put back: --reason or --id, or --all, or --from.");
    }
    final PrintWriter err = spec.commandLine().getErr();
    try (PulsarClient client = connection.connect()) {
      final Optional<Map<LetterId, byte[]>> repaired =
          directory == null ? Optional.empty() : Optional.of(RepairedFiles.read(directory));
      final Optional<DeadLetterTopic> letters = DeadLetterTopic.open(client, connection.topic());
      if (letters.isEmpty()) {
        err.println("There are no dead letters of " + connection.topic() + ".");
        return ExitCode.OK;
      }
      final Replay replay =
          new Replay(client, letters.get(), connection.topic(), connection.domain());
      print(
          repaired.isPresent()
              ? replay.repaired(repaired.get(), rehearsal)
              : replay.originals(which.selection(), rehearsal));
      return ExitCode.OK;
    } catch (DeadLetterException | PulsarClientException e) {
      err.println(e.getMessage());
      return ExitCode.SOFTWARE;
    } catch (IOException e) {
      err.println("--from " + directory + " cannot be read: " + e.getMessage());
      return ExitCode.SOFTWARE;
    }
  }

  private void print(final Replay.Outcome outcome) {
    final PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%,d letters %s %s%n",
        outcome.replayed(),
        rehearsal ? "would be put back into" : "put back into",
        connection.topic());
    if (outcome.before() > 0) {
      out.printf(Locale.ROOT, "%,d were put back before%n", outcome.before());
    }
    outcome
        .stillNoEvents()
        .forEach(
            (reason, count) ->
                out.printf(Locale.ROOT, "%,d left alone, still no events: %s%n", count, reason));
    out.flush();
  }
}
