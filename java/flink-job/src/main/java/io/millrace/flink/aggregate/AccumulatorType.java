package io.millrace.flink.aggregate;

import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Flink's handle of {@link Accumulator} rows of one layout. */
public final class AccumulatorType extends TypeInformation<Accumulator> {

  private static final long serialVersionUID = 1L;

  private final AccumulatorSerializer serializer;

  public AccumulatorType(final AccumulatorLayout layout) {
    serializer = AccumulatorSerializer.of(layout);
  }

  @Override
  public TypeSerializer<Accumulator> createSerializer(final SerializerConfig config) {
    return serializer.duplicate();
  }

  @Override
  @Deprecated
  public TypeSerializer<Accumulator> createSerializer(final ExecutionConfig config) {
    return serializer.duplicate();
  }

  @Override
  public boolean isBasicType() {
    return false;
  }

  @Override
  public boolean isTupleType() {
    return false;
  }

  @Override
  public int getArity() {
    return 1;
  }

  @Override
  public int getTotalFields() {
    return 1;
  }

  @Override
  public Class<Accumulator> getTypeClass() {
    return Accumulator.class;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public String toString() {
    return "Accumulator";
  }

  @Override
  public boolean equals(final Object other) {
    return other instanceof AccumulatorType that && serializer.equals(that.serializer);
  }

  @Override
  public int hashCode() {
    return serializer.hashCode();
  }

  @Override
  public boolean canEqual(final Object other) {
    return other instanceof AccumulatorType;
  }
}
