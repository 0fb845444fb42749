package io.millrace.hooks.command;

import picocli.CommandLine.Command;

/** {@code millrace topics}: the topics of the pipeline. */
@Command(
    name = "topics",
    mixinStandardHelpOptions = true,
    description = "Keeps the topics of the pipeline as Git describes them.",
    subcommands = TopicsApplyCommand.class)
public final class TopicsCommand {}
