package org.virtugrid.jobs.value;

/** The six bytes that count as white space everywhere: space, tab, newline, vertical tab, form feed, return. */
public final class WhiteSpace {
    private static final long ONES = 0x0101010101010101L;
    private static final long LOW_BITS = ONES * 0x7f;
    private static final long HIGH_BITS = ONES << 7;

    private WhiteSpace() {}

    /** Whether the byte is white space. */
    public static boolean is(byte b) {
        return b == ' ' || (b >= '\t' && b <= '\r');
    }

    /** The highest bit of each of eight bytes that is white space, no other bit. */
    static long in(long eightBytes) {
        long low = eightBytes & LOW_BITS;
        long fromTab = low + ONES * (0x80 - '\t');
        long beyondReturn = low + ONES * (0x80 - '\r' - 1);
        long notSpace = (low ^ (ONES * ' ')) + LOW_BITS;
        return ((fromTab & ~beyondReturn) | ~notSpace) & ~eightBytes & HIGH_BITS;
    }

    /** Where the next white space is, or {@code end}. */
    static int next(byte[] array, int from, int end) {
        int at = from;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            long space = in(ByteKeys.eight(array, at));
            if (space != 0) {
                return at + (Long.numberOfTrailingZeros(space) >>> 3);
            }
        }
        while (at < end && !is(array[at])) {
            at++;
        }
        return at;
    }
}
