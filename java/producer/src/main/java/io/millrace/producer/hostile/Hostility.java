package io.millrace.producer.hostile;

/** A kind of hostile message. */
enum Hostility {
  /** Bytes that nobody has encoded. */
  RANDOM_BYTES(12),
  /** An event that ends too soon. */
  TRUNCATED(12),
  /** An event with more behind it. */
  TRAILING_BYTES(8),
  /** An event with one wrong bit, which is often still an event. */
  BIT_FLIPPED(16),
  /** An event of another domain. */
  WRONG_SCHEMA(10),
  /** Readings that are no numbers, or infinite. */
  NOT_FINITE(10),
  /** Numbers at the ends of their types, the source among them. */
  EXTREME_NUMBERS(10),
  /** From before 1970 to a year ago. */
  FAR_PAST(5),
  /** Hours to millennia ahead. */
  FAR_FUTURE(5),
  /** Minutes to days ago: believable, and late. */
  PAST(4),
  /** Up to four minutes ahead: believable, and a danger to the watermark. */
  NEAR_FUTURE(4),
  /** A healthy event under a schema that was made to do harm, or by an older Avro. */
  HOSTILE_SCHEMA(6),
  /** An entry whose metadata say what is not so. */
  HOSTILE_ENVELOPE(6),
  /** No bytes. */
  EMPTY(2),
  /** No value. */
  NULL_VALUE(2),
  /** 4 MB. */
  HUGE(0);

  private static final int[] BY_WEIGHT = byWeight();

  private final int weight;

  Hostility(final int weight) {
    this.weight = weight;
  }

  private static int[] byWeight() {
    int total = 0;
    for (Hostility kind : values()) {
      total += kind.weight;
    }
    final int[] kinds = new int[total];
    int next = 0;
    for (Hostility kind : values()) {
      for (int i = 0; i < kind.weight; i++) {
        kinds[next++] = kind.ordinal();
      }
    }
    return kinds;
  }

  /** A kind for every number, in proportion to their weights. */
  static Hostility of(final int number) {
    return values()[BY_WEIGHT[Math.floorMod(number, BY_WEIGHT.length)]];
  }
}
