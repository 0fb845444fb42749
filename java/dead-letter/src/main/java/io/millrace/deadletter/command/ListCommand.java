package io.millrace.deadletter.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.DeadLetterException;
import io.millrace.deadletter.DeadLetterTopic;
import io.millrace.deadletter.Selection;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

/** {@code millrace dead-letter list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Shows dead letters with reason, origin, time, size and first bytes.",
    footer = {
      "",
      "Exit codes: 0 shown, 1 the broker or a file failed, 2 bad usage.",
      "",
      "Example:",
      "  millrace dead-letter list --reason truncated --save letters"
    })
final class ListCommand implements Callable<Integer> {

  private static final String ROW = "%-16s %-24s %-9s %-20s %9s  %-34s %s%n";

  @Spec private CommandSpec spec;

  @Mixin private ConnectionOptions connection;

  @Mixin private SelectionOptions which;

  @Option(
      names = "--limit",
      defaultValue = "100",
      paramLabel = "N",
      description = "Show, and save, this many. Default: ${DEFAULT-VALUE}.")
  private int limit;

  @Option(names = "--json", description = "One JSON object per line and letter.")
  private boolean json;

  @Option(
      names = "--save",
      paramLabel = "DIR",
      description = "Write each letter's bytes to DIR/ID.bin.")
  private Path directory;

  private final ObjectMapper mapper =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
  private final Map<String, Long> reasons = new TreeMap<>();
  private long shown;
  private long found;

  private ListCommand() {}

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new ParameterException(
          spec.commandLine(), "--limit is " + limit + "; it must be 1 or more.");
    }
    final PrintWriter err = spec.commandLine().getErr();
    try (PulsarClient client = connection.connect()) {
      if (directory != null) {
        Files.createDirectories(directory);
      }
      final Optional<DeadLetterTopic> topic = DeadLetterTopic.open(client, connection.topic());
      if (topic.isPresent()) {
        final Selection selection = which.selection();
        topic
            .get()
            .forEach(
                letter -> {
                  if (selection.has(letter)) {
                    take(letter);
                  }
                });
      }
      summarize(err);
      return ExitCode.OK;
    } catch (DeadLetterException | PulsarClientException e) {
      err.println(e.getMessage());
      return ExitCode.SOFTWARE;
    } catch (IOException e) {
      err.println("--save " + directory + " cannot be written: " + e.getMessage());
      return ExitCode.SOFTWARE;
    }
  }

  private void take(final DeadLetter letter) throws DeadLetterException {
    found++;
    reasons.merge(letter.reason(), 1L, Long::sum);
    if (shown == limit) {
      return;
    }
    show(letter);
    if (directory != null) {
      save(letter);
    }
    shown++;
  }

  private void show(final DeadLetter letter) {
    final PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(json(letter));
      return;
    }
    if (shown == 0) {
      out.printf(
          Locale.ROOT, ROW, "ID", "TIME", "PARTITION", "MESSAGE", "BYTES", "FIRST BYTES", "REASON");
    }
    out.printf(
        Locale.ROOT,
        ROW,
        letter.id(),
        letter.time(),
        letter.originPartition() < 0 ? "-" : letter.originPartition(),
        Printable.of(letter.originMessageId()),
        letter.payload().length,
        letter.preview(),
        Printable.of(letter.reason()) + (letter.replayed() ? " (put back)" : ""));
  }

  private String json(final DeadLetter letter) {
    final ObjectNode node = mapper.createObjectNode();
    node.put("id", letter.id().toString());
    node.put("time", letter.time().toString());
    node.put("reason", letter.reason());
    node.put("partition", letter.originPartition());
    node.put("message_id", letter.originMessageId());
    letter
        .schemaVersion()
        .ifPresent(version -> node.put("schema_version", HexFormat.of().formatHex(version)));
    node.put("bytes", letter.payload().length);
    node.put("first_bytes", letter.preview());
    node.put("replayed", letter.replayed());
    try {
      return mapper.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Texts and numbers are always JSON", e);
    }
  }

  private void save(final DeadLetter letter) throws DeadLetterException {
    final Path file = directory.resolve(letter.id() + RepairedFiles.SUFFIX);
    try {
      Files.write(file, letter.payload());
    } catch (IOException e) {
      throw new DeadLetterException(file + " cannot be written: " + e.getMessage(), e);
    }
  }

  private void summarize(final PrintWriter err) {
    spec.commandLine().getOut().flush();
    if (found == 0) {
      err.println(
          which.isEverything()
              ? "There are no dead letters of " + connection.topic() + "."
              : "There are no such dead letters of " + connection.topic() + ".");
      return;
    }
    err.printf(
        Locale.ROOT, "%,d dead letters%s%n", found, shown < found ? ", " + shown + " shown" : "");
    reasons.forEach(
        (reason, count) -> err.printf(Locale.ROOT, "%,9d × %s%n", count, Printable.of(reason)));
    if (directory != null) {
      err.printf(Locale.ROOT, "%,d saved in %s%n", shown, directory);
    }
  }
}
