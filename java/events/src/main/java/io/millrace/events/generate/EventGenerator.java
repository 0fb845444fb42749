package io.millrace.events.generate;

import io.millrace.events.codec.EventLayout;
import io.millrace.events.domain.Domain;
import io.millrace.events.domain.Field;
import io.millrace.events.domain.Generation;
import io.millrace.events.domain.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes plausible events that can be made again.
 *
 * <p>An event is a pure function of seed, source, index and time: nothing is remembered between
 * events, so any number of sources costs the same, and a producer that takes over from another one
 * goes on at any index. Readings wander by value noise, that is by smooth interpolation between
 * random values at every {@value #LATTICE} events. Dimensions depend on the source alone.
 *
 * <p>Allocates nothing per event. Immutable and thread-safe.
 */
public final class EventGenerator {

  private static final int LATTICE = 64;
  private static final int LATTICE_BITS = 6;
  private static final double TO_UNIT = 0x1p-32;
  private static final double TO_SYMMETRIC = 0x1p-31;

  private static final long SOURCE_STEP = 0x9e37_79b9_7f4a_7c15L;
  private static final long FIELD_STEP = 0xd1b5_4a32_d192_ed03L;
  private static final long INDEX_STEP = 0x8cb9_2ba7_2f3d_8dd7L;
  private static final long CELL_SALT = 0x2545_f491_4f6c_dd1dL;

  private final long seed;
  private final Wander[] wanders;
  private final Draw[] draws;

  /**
   * A generator for a domain.
   *
   * @param seed any number; equal seeds give equal events
   */
  public EventGenerator(final Domain domain, final long seed) {
    this.seed = mix(seed);
    final EventLayout layout = EventLayout.of(domain);
    final List<Wander> wanderList = new ArrayList<>();
    final List<Draw> drawList = new ArrayList<>();
    for (Field field : domain.fields()) {
      if (field.generation().isEmpty()) {
        continue;
      }
      final int slot = layout.slotOf(field);
      final long salt = FIELD_STEP * (slot + 1);
      final Generation generation = field.generation().get();
      if (generation instanceof Generation.Wander wander) {
        wanderList.add(new Wander(slot, salt, wander, field));
      } else {
        drawList.add(Draw.of(slot, salt, generation, field));
      }
    }
    wanders = wanderList.toArray(Wander[]::new);
    draws = drawList.toArray(Draw[]::new);
  }

  /**
   * Writes one event.
   *
   * @param source number of the event source, from 0; becomes the key
   * @param index number of the event within its source, from 0
   * @param timeMillis event time, milliseconds since the epoch
   * @param words receives the event at {@code words[at …]}, see {@link EventLayout}
   */
  public void generate(
      final long source,
      final long index,
      final long timeMillis,
      final long[] words,
      final int at) {
    words[at + EventLayout.KEY] = source;
    words[at + EventLayout.TIME] = timeMillis;
    final long sourceSeed = mix(seed + source * SOURCE_STEP);
    final long eventSeed = sourceSeed + (index + 1) * INDEX_STEP;
    for (final Draw draw : draws) {
      words[at + draw.slot] = draw.word(mix((draw.ofSource ? sourceSeed : eventSeed) ^ draw.salt));
    }
    final long cell = index >>> LATTICE_BITS;
    final double t = (index & LATTICE - 1) * (1.0 / LATTICE);
    final double weight = t * t * (3 - 2 * t);
    for (final Wander wander : wanders) {
      words[at + wander.slot] = wander.word(sourceSeed, eventSeed, cell, weight);
    }
  }

  /** The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit depends on every bit. */
  private static long mix(final long value) {
    long z = (value ^ value >>> 30) * 0xbf58_476d_1ce4_e5b9L;
    z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
    return z ^ z >>> 31;
  }

  /** From 0 (included) to 1 (excluded), from the upper half of the bits. */
  private static double upper(final long bits) {
    return (bits >>> 32) * TO_UNIT;
  }

  /** From 0 (included) to 1 (excluded), from the lower half of the bits. */
  private static double lower(final long bits) {
    return lowerHalf(bits) * TO_UNIT;
  }

  /** From -1 (included) to 1 (excluded): {@code 2 * upper(bits) - 1} in one multiplication. */
  private static double symmetric(final long bits) {
    return ((int) (bits >>> 32) ^ Integer.MIN_VALUE) * TO_SYMMETRIC;
  }

  private static long lowerHalf(final long bits) {
    return bits & 0xffff_ffffL;
  }

  /** The number of lower halves for which an event of this probability happens. */
  private static long chances(final double probability) {
    return (long) Math.ceil(probability / TO_UNIT);
  }

  private static final class Wander {
    final int slot;
    final long salt;
    final double mean;
    final double spread;
    final double drift;
    final double noise;
    final double step;
    final double perStep;
    final double from;
    final double to;
    final long excursionChances;
    final double excursionBy;
    final boolean asDouble;

    Wander(final int slot, final long salt, final Generation.Wander wander, final Field field) {
      this.slot = slot;
      this.salt = salt;
      mean = wander.mean();
      spread = wander.spread();
      drift = wander.drift();
      noise = wander.noise();
      step = field.kind().isInteger() ? Math.ceil(wander.step()) : wander.step();
      perStep = 1 / step;
      from = wander.from();
      to = wander.to();
      excursionChances = chances(wander.excursionProbability());
      excursionBy = wander.excursionBy();
      asDouble = field.isReal();
    }

    long word(final long sourceSeed, final long eventSeed, final long cell, final double weight) {
      final long level = mix(sourceSeed ^ salt);
      final double before = symmetric(mix(level + cell * CELL_SALT));
      final double after = symmetric(mix(level + (cell + 1) * CELL_SALT));
      final long chance = mix(eventSeed ^ salt);
      double value =
          mean
              + spread * (upper(level) + lower(level) - 1)
              + drift * (before + (after - before) * weight)
              + noise * symmetric(chance);
      if (lowerHalf(chance) < excursionChances) {
        value += excursionBy;
      }
      // not min and max, which order zeros and spread NaN
      final double bounded = value < from ? from : value > to ? to : value;
      value = Math.rint(bounded * perStep) * step;
      return asDouble ? Double.doubleToRawLongBits(value) : (long) value;
    }
  }

  private static final class Draw {
    final int slot;
    final long salt;
    final boolean ofSource;
    final double from;
    final double step;
    final double count;
    final long chances;
    final double[] cumulative;
    final boolean asDouble;

    private Draw(
        final int slot,
        final long salt,
        final Field field,
        final double from,
        final double step,
        final double count,
        final double probability,
        final double[] cumulative) {
      this.slot = slot;
      this.salt = salt;
      this.ofSource = field.role() == Role.DIMENSION;
      this.from = from;
      this.step = step;
      this.count = count;
      this.chances = chances(probability);
      this.cumulative = cumulative;
      this.asDouble = field.isReal();
    }

    static Draw of(
        final int slot, final long salt, final Generation generation, final Field field) {
      if (generation instanceof Generation.Weighted weighted) {
        return new Draw(slot, salt, field, 0, 1, 1, 1, cumulate(weighted.weights()));
      }
      if (generation instanceof Generation.Chance chance) {
        return new Draw(slot, salt, field, 1, 1, 1, chance.probability(), null);
      }
      final Generation.Uniform uniform = (Generation.Uniform) generation;
      final double count = Math.floor((uniform.to() - uniform.from()) / uniform.step()) + 1;
      return new Draw(
          slot, salt, field, uniform.from(), uniform.step(), count, uniform.probability(), null);
    }

    private static double[] cumulate(final double[] weights) {
      final double[] cumulative = new double[weights.length];
      double total = 0;
      for (int i = 0; i < weights.length; i++) {
        total += weights[i];
        cumulative[i] = total;
      }
      for (int i = 0; i < weights.length; i++) {
        cumulative[i] /= total;
      }
      return cumulative;
    }

    long word(final long bits) {
      final double value;
      if (cumulative != null) {
        value = code(upper(bits));
      } else if (lowerHalf(bits) < chances) {
        value = from + step * Math.floor(upper(bits) * count);
      } else {
        value = 0;
      }
      return asDouble ? Double.doubleToRawLongBits(value) : (long) value;
    }

    private int code(final double point) {
      int code = 0;
      while (point >= cumulative[code]) {
        code++;
      }
      return code;
    }
  }
}
