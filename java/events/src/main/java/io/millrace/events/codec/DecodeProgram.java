package io.millrace.events.codec;

/**
 * What to do for each field a writer put on the wire, in wire order: a flat list of operations with
 * one operand each.
 *
 * @param operations one of the constants of this class
 * @param operands the word to fill; the number of bytes for {@link #SKIP_FIXED}; the index of the
 *     {@link #skips} or {@link #unions} entry
 * @param skips for what is not a plain type and not wanted
 * @param unions for wanted fields that the writer declares as a union
 * @param defaultSlots words of fields the writer does not have …
 * @param defaultWords … and their values
 * @param maxFixedSize upper bound, in bytes, of what the operations without own bounds check read
 */
record DecodeProgram(
    byte[] operations,
    int[] operands,
    Skip[] skips,
    Union[] unions,
    int[] defaultSlots,
    long[] defaultWords,
    int maxFixedSize) {

  static final byte BOOLEAN = 0;
  static final byte INT = 1;
  static final byte LONG = 2;
  static final byte FLOAT = 3;
  static final byte DOUBLE = 4;
  static final byte INT_AS_FLOAT = 5;
  static final byte LONG_AS_FLOAT = 6;
  static final byte INT_AS_DOUBLE = 7;
  static final byte LONG_AS_DOUBLE = 8;
  static final byte SKIP_FIXED = 9;
  static final byte SKIP_VARINT = 10;
  static final byte SKIP_TREE = 11;
  static final byte UNION = 12;

  /** Branch of a union from which the field cannot be read. */
  static final byte UNREADABLE = -1;

  /** A wanted field that the writer declares as a union: the operation of each branch. */
  record Union(byte[] branches, int slot) {}
}
