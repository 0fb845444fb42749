package io.millrace.deadletter.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace dead-letter}. */
@Command(
    name = "dead-letter",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "list|replay",
    description = "Shows the messages that were no events, and puts repaired ones back.",
    subcommands = {ListCommand.class, ReplayCommand.class})
public final class DeadLetterCommand implements Runnable {

  @Spec private CommandSpec spec;

  /** Without a subcommand there is nothing to do. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Name one of list and replay.");
  }
}
