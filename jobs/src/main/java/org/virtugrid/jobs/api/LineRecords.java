package org.virtugrid.jobs.api;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The lines of a region of bytes. A line ends with a newline byte; the last may lack it. A newline at the region's very
 * end begins no further line.
 *
 * <p>A job that needs no lines, such as a word count, may read the whole region through {@link #array()},
 * {@link #regionStart()} and {@link #regionEnd()} instead of calling {@link #next}.
 */
public final class LineRecords extends Records {
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = ONES << 7;
    private static final long NEWLINES = ONES * '\n';

    private final byte[] array;
    private final int start;
    private final int end;
    private int offset;
    private int length;
    private int following;

    /** The lines in {@code array[start .. end)}. */
    public LineRecords(byte[] array, int start, int end) {
        this.array = array;
        this.start = start;
        this.end = end;
        this.following = start;
    }

    @Override
    public boolean next() {
        if (following >= end) {
            return false;
        }
        offset = following;
        int newline = newline(array, offset, end);
        length = newline - offset;
        following = newline + 1;
        return true;
    }

    /** Where the first newline in {@code array[from .. end)} is, or {@code end}; eight bytes at a time. */
    public static int newline(byte[] array, int from, int end) {
        int at = from;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            long zeroAtNewline = (long) EIGHT_BYTES.get(array, at) ^ NEWLINES;
            long found = (zeroAtNewline - ONES) & ~zeroAtNewline & HIGH_BITS;
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (at < end && array[at] != '\n') {
            at++;
        }
        return at;
    }

    @Override
    public byte[] array() {
        return array;
    }

    @Override
    public int offset() {
        return offset;
    }

    @Override
    public int length() {
        return length;
    }

    /** Where the region begins. */
    public int regionStart() {
        return start;
    }

    /** Where the region ends, exclusive. */
    public int regionEnd() {
        return end;
    }
}
