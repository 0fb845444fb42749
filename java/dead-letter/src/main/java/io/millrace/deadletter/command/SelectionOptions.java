package io.millrace.deadletter.command;

import io.millrace.deadletter.LetterId;
import io.millrace.deadletter.Selection;
import java.util.LinkedHashSet;
import java.util.Set;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which of the dead letters. */
final class SelectionOptions {

  @Option(
      names = "--reason",
      defaultValue = "",
      paramLabel = "TEXT",
      description = "Letters whose reason contains this, such as future.")
  private String reason;

  @Option(
      names = "--id",
      paramLabel = "ID",
      converter = IdConverter.class,
      description = "This letter; may be repeated. The list shows the ids.")
  private Set<LetterId> ids = new LinkedHashSet<>();

  Selection selection() {
    return new Selection(reason, ids);
  }

  boolean isEverything() {
    return reason.isEmpty() && ids.isEmpty();
  }

  private static final class IdConverter implements ITypeConverter<LetterId> {
    @Override
    public LetterId convert(final String text) {
      return LetterId.parse(text)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'" + text + "' is no id; write it as the list does: 12-34-5"));
    }
  }
}
