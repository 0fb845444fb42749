package io.millrace.hooks.topic;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.avro.Schema;
import org.apache.avro.SchemaValidationException;
import org.apache.avro.SchemaValidatorBuilder;
import org.apache.pulsar.common.policies.data.SchemaCompatibilityStrategy;

/**
 * What a new version of a schema must fulfil; see "Schema compatibility check strategy" in Pulsar's
 * documentation. The transitive rules look at every registered version, the others at the last.
 */
public enum Compatibility {
  BACKWARD(SchemaCompatibilityStrategy.BACKWARD, SchemaValidatorBuilder::canReadStrategy, false),
  BACKWARD_TRANSITIVE(
      SchemaCompatibilityStrategy.BACKWARD_TRANSITIVE,
      SchemaValidatorBuilder::canReadStrategy,
      true),
  FORWARD(SchemaCompatibilityStrategy.FORWARD, SchemaValidatorBuilder::canBeReadStrategy, false),
  FORWARD_TRANSITIVE(
      SchemaCompatibilityStrategy.FORWARD_TRANSITIVE,
      SchemaValidatorBuilder::canBeReadStrategy,
      true),
  FULL(SchemaCompatibilityStrategy.FULL, SchemaValidatorBuilder::mutualReadStrategy, false),
  FULL_TRANSITIVE(
      SchemaCompatibilityStrategy.FULL_TRANSITIVE,
      SchemaValidatorBuilder::mutualReadStrategy,
      true);

  private final SchemaCompatibilityStrategy strategy;
  private final UnaryOperator<SchemaValidatorBuilder> direction;
  private final boolean transitive;

  Compatibility(
      SchemaCompatibilityStrategy strategy,
      UnaryOperator<SchemaValidatorBuilder> direction,
      boolean transitive) {
    this.strategy = strategy;
    this.direction = direction;
    this.transitive = transitive;
  }

  /** Returns the broker's name of the rule. */
  SchemaCompatibilityStrategy strategy() {
    return strategy;
  }

  /**
   * Applies the rule as the broker will, to refuse before anything has changed.
   *
   * @param registered the versions of the topic, oldest first
   * @return why the schema may not follow them, empty when it may
   */
  Optional<String> conflict(Schema next, List<Schema> registered) {
    List<Schema> newestFirst = new ArrayList<>(registered);
    Collections.reverse(newestFirst);
    SchemaValidatorBuilder rule = direction.apply(new SchemaValidatorBuilder());
    try {
      (transitive ? rule.validateAll() : rule.validateLatest()).validate(next, newestFirst);
      return Optional.empty();
    } catch (SchemaValidationException e) {
      return Optional.of(e.getMessage());
    }
  }
}
