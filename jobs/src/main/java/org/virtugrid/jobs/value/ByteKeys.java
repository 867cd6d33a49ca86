package org.virtugrid.jobs.value;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Byte strings taken eight bytes at a time: their first eight as one number, and their hash. The hash multiplies by the
 * golden ratio's fraction of 2^64, as Knuth proposes in The Art of Computer Programming, volume 3, section 6.4.
 */
final class ByteKeys {
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private ByteKeys() {}

    /** The eight bytes from there on, the first lowest. */
    static long eight(byte[] array, int at) {
        return (long) EIGHT_BYTES.get(array, at);
    }

    /** The string's first eight bytes, the rest zero. */
    static long prefix(byte[] array, int offset, int length) {
        if (offset <= array.length - Long.BYTES) {
            long eight = eight(array, offset);
            return length >= Long.BYTES ? eight : eight & ((1L << (length << 3)) - 1);
        }
        long prefix = 0;
        for (int i = 0; i < Math.min(length, Long.BYTES); i++) {
            prefix |= (array[offset + i] & 0xffL) << (i << 3);
        }
        return prefix;
    }

    private static long mix(long hash) {
        long mixed = hash * MULTIPLIER;
        return mixed ^ (mixed >>> 32);
    }

    /** The hash of a string of at most eight bytes, which are all in its prefix. */
    static int shortHash(long prefix) {
        return (int) ((mix(prefix) * MULTIPLIER) >>> 32);
    }

    /** The hash of a string with this prefix. */
    static int hash(byte[] array, int offset, int length, long prefix) {
        long state = mix(prefix);
        if (length > Long.BYTES) {
            int last = offset + length - Long.BYTES;
            for (int at = offset + Long.BYTES; at < last; at += Long.BYTES) {
                state = mix(state ^ eight(array, at));
            }
            state = mix(state ^ eight(array, last));
        }
        return (int) ((state * MULTIPLIER) >>> 32);
    }
}
