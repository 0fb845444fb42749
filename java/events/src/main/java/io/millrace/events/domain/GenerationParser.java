package io.millrace.events.domain;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.avro.Schema;

/** Reads the {@code generate} attribute of a field. */
final class GenerationParser {

  private static final Set<String> UNIFORM = Set.of("from", "to", "step", "probability");
  private static final Set<String> WANDER =
      Set.of("mean", "spread", "drift", "noise", "step", "from", "to", "excursion");

  private final Function<String, InvalidDomainException> invalid;

  GenerationParser(final Function<String, InvalidDomainException> invalid) {
    this.invalid = invalid;
  }

  Optional<Generation> parse(final Schema.Field field, final Role role, final Kind kind) {
    final Object value = field.getObjectProp("generate");
    if (role == Role.KEY || role == Role.TIME) {
      if (value != null) {
        throw invalid.apply("has 'generate', but key and time are made by the generator itself");
      }
      return Optional.empty();
    }
    if (!(value instanceof Map<?, ?> attributes) || attributes.isEmpty()) {
      throw invalid.apply("needs an object 'generate' that says how test data is made");
    }
    if (attributes.containsKey("weights")) {
      return Optional.of(weighted(attributes, kind));
    }
    if (attributes.containsKey("mean")) {
      return Optional.of(wander(attributes));
    }
    if (kind == Kind.BOOLEAN) {
      refuseUnknown(attributes, Set.of("probability"));
      return Optional.of(new Generation.Chance(probability(attributes)));
    }
    return Optional.of(uniform(attributes, kind));
  }

  private Generation weighted(final Map<?, ?> attributes, final Kind kind) {
    refuseUnknown(attributes, Set.of("weights"));
    if (kind.isFloating() || !(attributes.get("weights") instanceof List<?> list)) {
      throw invalid.apply("has 'weights', which must be a list and needs an integer or boolean");
    }
    final double[] weights = new double[list.size()];
    double total = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = list.get(i) instanceof Number n ? n.doubleValue() : -1;
      if (!(weights[i] >= 0)) {
        throw invalid.apply("has the weight " + list.get(i) + "; weights are numbers from 0");
      }
      total += weights[i];
    }
    if (!(total > 0) || kind == Kind.BOOLEAN && weights.length > 2) {
      throw invalid.apply("has weights " + list + "; one at least must be above 0");
    }
    return new Generation.Weighted(weights);
  }

  private Generation uniform(final Map<?, ?> attributes, final Kind kind) {
    refuseUnknown(attributes, UNIFORM);
    final double step = number(attributes, "step", kind.isFloating() ? null : 1.0);
    final Generation.Uniform uniform =
        new Generation.Uniform(
            number(attributes, "from", null),
            number(attributes, "to", null),
            step,
            attributes.containsKey("probability") ? probability(attributes) : 1);
    requireRange(uniform.from(), uniform.to(), step);
    return uniform;
  }

  private Generation wander(final Map<?, ?> attributes) {
    refuseUnknown(attributes, WANDER);
    double excursionProbability = 0;
    double excursionBy = 0;
    final Object excursion = attributes.get("excursion");
    if (excursion != null) {
      if (!(excursion instanceof Map<?, ?> map)) {
        throw invalid.apply("has an excursion that is not {\"probability\": …, \"by\": …}");
      }
      refuseUnknown(map, Set.of("probability", "by"));
      excursionProbability = probability(map);
      excursionBy = number(map, "by", null);
    }
    final Generation.Wander wander =
        new Generation.Wander(
            number(attributes, "mean", null),
            number(attributes, "spread", null),
            number(attributes, "drift", null),
            number(attributes, "noise", null),
            number(attributes, "step", null),
            number(attributes, "from", null),
            number(attributes, "to", null),
            excursionProbability,
            excursionBy);
    requireRange(wander.from(), wander.to(), wander.step());
    return wander;
  }

  private void requireRange(final double from, final double to, final double step) {
    if (!(from <= to) || !(step > 0)) {
      throw invalid.apply(
          "generates from %s to %s by steps of %s; 'from' must not exceed 'to' and 'step' must be"
                  .formatted(from, to, step)
              + " above 0");
    }
  }

  private double probability(final Map<?, ?> attributes) {
    final double probability = number(attributes, "probability", null);
    if (!(probability >= 0 && probability <= 1)) {
      throw invalid.apply("has the probability " + probability + "; it must be from 0 to 1");
    }
    return probability;
  }

  private double number(final Map<?, ?> attributes, final String name, final Double absent) {
    final Object value = attributes.get(name);
    if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
      return number.doubleValue();
    }
    if (value == null && absent != null) {
      return absent;
    }
    throw invalid.apply("generates with '" + name + "' = " + value + "; it must be a number");
  }

  private void refuseUnknown(final Map<?, ?> attributes, final Set<String> known) {
    for (Object attribute : attributes.keySet()) {
      if (!known.contains(attribute.toString())) {
        throw invalid.apply(
            "generates with the unknown '"
                + attribute
                + "'; known here are "
                + String.join(", ", known.stream().sorted().toList()));
      }
    }
  }
}
