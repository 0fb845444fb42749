package io.millrace.events.codec;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * Makes the steps over values that are not wanted.
 *
 * <p>A schema is made by others: a type that is used in many places is compiled once, so that the
 * work is linear in the schema's text, and what has no bytes or a fixed number of them becomes one
 * step, so that the work on an event is linear in its bytes.
 */
final class SkipCompiler {

  /** Levels of records, arrays, maps and unions in one another. */
  static final int MAX_DEPTH = 200;

  /** A compiled type; {@code height} levels of it lie in one another. */
  private record Compiled(Skip skip, int height) {}

  /** By identity: comparing schemas walks through them. {@code null} while one is compiled. */
  private final Map<Schema, Compiled> known = new IdentityHashMap<>();

  /**
   * The step over a value of a schema.
   *
   * @throws IncompatibleSchemaException if its types are recursive, or nested beyond {@link
   *     #MAX_DEPTH}
   */
  Skip compile(final Schema schema) throws IncompatibleSchemaException {
    return compile(schema, 0).skip();
  }

  private Compiled compile(final Schema schema, final int depth)
      throws IncompatibleSchemaException {
    if (known.containsKey(schema)) {
      final Compiled compiled = known.get(schema);
      if (compiled == null) {
        throw new IncompatibleSchemaException(
            "The writer's schema has the recursive type '" + schema.getFullName() + "'");
      }
      requireDepth(depth + compiled.height());
      return compiled;
    }
    requireDepth(depth);
    known.put(schema, null);
    final Compiled compiled = make(schema, depth + 1);
    known.put(schema, compiled);
    return compiled;
  }

  private static void requireDepth(final int depth) throws IncompatibleSchemaException {
    if (depth > MAX_DEPTH) {
      throw new IncompatibleSchemaException(
          "The writer's schema nests types more than " + MAX_DEPTH + " levels deep");
    }
  }

  private Compiled make(final Schema schema, final int inside) throws IncompatibleSchemaException {
    return switch (schema.getType()) {
      case NULL -> leaf(new Skip.Fixed(0));
      case BOOLEAN -> leaf(new Skip.Fixed(1));
      case FLOAT -> leaf(new Skip.Fixed(Float.BYTES));
      case DOUBLE -> leaf(new Skip.Fixed(Double.BYTES));
      case FIXED -> leaf(new Skip.Fixed(schema.getFixedSize()));
      case INT, ENUM -> leaf(new Skip.Number(Varint.INT_BYTES));
      case LONG -> leaf(new Skip.Number(Varint.LONG_BYTES));
      case BYTES, STRING -> leaf(new Skip.Bytes());
      case ARRAY -> {
        final Compiled item = compile(schema.getElementType(), inside);
        yield new Compiled(new Skip.Blocks(item.skip()), item.height() + 1);
      }
      case MAP -> {
        final Compiled value = compile(schema.getValueType(), inside);
        yield new Compiled(
            new Skip.Blocks(sequence(List.of(new Skip.Bytes(), value.skip()))), value.height() + 1);
      }
      case UNION -> {
        final List<Skip> branches = new ArrayList<>();
        final int height = compileAll(schema.getTypes(), inside, branches);
        yield new Compiled(new Skip.Branch(branches.toArray(Skip[]::new)), height + 1);
      }
      case RECORD -> {
        final List<Skip> parts = new ArrayList<>();
        final int height =
            compileAll(
                schema.getFields().stream().map(Schema.Field::schema).toList(), inside, parts);
        yield new Compiled(sequence(parts), height + 1);
      }
    };
  }

  /** Returns the height of the highest. */
  private int compileAll(final List<Schema> schemas, final int inside, final List<Skip> skips)
      throws IncompatibleSchemaException {
    int height = 0;
    for (Schema schema : schemas) {
      final Compiled compiled = compile(schema, inside);
      skips.add(compiled.skip());
      height = Math.max(height, compiled.height());
    }
    return height;
  }

  private static Compiled leaf(final Skip skip) {
    return new Compiled(skip, 0);
  }

  /** Neighbours of fixed sizes become one part, those without bytes none. */
  private static Skip sequence(final List<Skip> skips) {
    final List<Skip> parts = new ArrayList<>();
    long fixed = 0;
    for (Skip skip : skips) {
      if (skip instanceof Skip.Fixed size) {
        fixed += size.size();
      } else {
        addFixed(fixed, parts);
        fixed = 0;
        parts.add(skip);
      }
    }
    if (parts.isEmpty()) {
      return fixed(fixed);
    }
    addFixed(fixed, parts);
    return parts.size() == 1 ? parts.get(0) : new Skip.Sequence(parts.toArray(Skip[]::new));
  }

  private static void addFixed(final long bytes, final List<Skip> parts) {
    if (bytes > 0) {
      parts.add(fixed(bytes));
    }
  }

  /** No array holds as many bytes as an int can count, so that a larger size means the same. */
  private static Skip.Fixed fixed(final long bytes) {
    return new Skip.Fixed((int) Math.min(bytes, Integer.MAX_VALUE));
  }
}
