package io.millrace.hooks.command;

import io.millrace.hooks.kubernetes.ObjectName;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code namespace/name}. */
final class ObjectNameConverter implements ITypeConverter<ObjectName> {
  @Override
  public ObjectName convert(String text) {
    try {
      return ObjectName.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
