package org.virtugrid.jobs.sort;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Sorts slices of one byte array in unsigned byte order: a quicksort that compares eight bytes at a time, kept beside
 * each slice, and goes on to the next eight among those that are equal.
 *
 * <p>A slice is a long: its offset in the upper half, its length in the lower. The array needs eight readable bytes
 * behind every slice.
 */
final class SliceSort {
    /** How many bytes must be readable behind the last slice. */
    static final int PADDING = Long.BYTES;

    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int FEW = 12;
    private static final int MANY = 64;

    private final byte[] array;
    private final long[] slices;
    /** Eight bytes of each slice from the depth at hand on, so that signed order is theirs. */
    private final long[] keys;

    private SliceSort(byte[] array, long[] slices, int count) {
        this.array = array;
        this.slices = slices;
        this.keys = new long[count];
    }

    /** Sorts the first {@code count} slices. */
    static void sort(byte[] array, long[] slices, int count) {
        SliceSort sort = new SliceSort(array, slices, count);
        sort.load(0, count, 0);
        sort.sort(0, count, 0);
    }

    private void load(int from, int to, int depth) {
        for (int i = from; i < to; i++) {
            long slice = slices[i];
            int rest = (int) slice - depth;
            long eight = rest <= 0 ? 0 : (long) EIGHT_BYTES.get(array, (int) (slice >>> 32) + depth);
            long mask = rest >= Long.BYTES ? -1L : rest <= 0 ? 0 : -1L << (64 - (rest << 3));
            keys[i] = (eight & mask) ^ Long.MIN_VALUE;
        }
    }

    /** Sorts a part whose keys are loaded. Recurs only into what is at most half, so never deep. */
    private void sort(int begin, int end, int keyDepth) {
        int from = begin;
        int to = end;
        int depth = keyDepth;
        while (to - from > FEW) {
            long pivot = pivot(from, to);
            int less = from;
            int equal = from;
            int greater = to;
            while (equal < greater) {
                long key = keys[equal];
                if (key < pivot) {
                    swap(less++, equal++);
                } else if (key > pivot) {
                    swap(equal, --greater);
                } else {
                    equal++;
                }
            }
            int unfinished = endedFirst(less, greater, depth);
            int half = (to - from) >>> 1;
            boolean largeLess = less - from > half;
            boolean largeGreater = to - greater > half;
            if (!largeLess) {
                sort(from, less, depth);
            }
            if (!largeGreater) {
                sort(greater, to, depth);
            }
            if (largeLess || largeGreater) {
                if (greater - unfinished > 1) {
                    load(unfinished, greater, depth + Long.BYTES);
                    sort(unfinished, greater, depth + Long.BYTES);
                }
                from = largeLess ? from : greater;
                to = largeLess ? less : to;
            } else {
                from = unfinished;
                to = greater;
                depth += Long.BYTES;
                if (to - from > 1) {
                    load(from, to, depth);
                }
            }
        }
        insertionSort(from, to, depth);
    }

    private long pivot(int from, int to) {
        int middle = (from + to) >>> 1;
        if (to - from < MANY) {
            return median(keys[from], keys[middle], keys[to - 1]);
        }
        int step = (to - from) >>> 3;
        return median(
                median(keys[from], keys[from + step], keys[from + 2 * step]),
                median(keys[middle - step], keys[middle], keys[middle + step]),
                median(keys[to - 1 - 2 * step], keys[to - 1 - step], keys[to - 1]));
    }

    private static long median(long a, long b, long c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }

    private void swap(int i, int j) {
        long key = keys[i];
        keys[i] = keys[j];
        keys[j] = key;
        long slice = slices[i];
        slices[i] = slices[j];
        slices[j] = slice;
    }

    /**
     * Moves the slices that end within the eight bytes at hand to the front, the shorter before the longer, and returns
     * where the others begin. All keys in the part are equal, so lengths differ only by zero bytes at the end.
     */
    private int endedFirst(int from, int to, int depth) {
        int front = from;
        if (to - from > 1) {
            int shortest = Integer.MAX_VALUE;
            int longest = 0;
            for (int i = from; i < to; i++) {
                int length = (int) slices[i];
                if (length - depth <= Long.BYTES) {
                    shortest = Math.min(shortest, length);
                    longest = Math.max(longest, length);
                }
            }
            for (int length = shortest; length <= longest; length++) {
                for (int i = front; i < to; i++) {
                    if ((int) slices[i] == length) {
                        swap(front++, i);
                    }
                }
            }
        }
        return front;
    }

    private void insertionSort(int from, int to, int depth) {
        for (int i = from + 1; i < to; i++) {
            long key = keys[i];
            long slice = slices[i];
            int at = i;
            while (at > from && isBefore(key, slice, keys[at - 1], slices[at - 1], depth)) {
                keys[at] = keys[at - 1];
                slices[at] = slices[at - 1];
                at--;
            }
            keys[at] = key;
            slices[at] = slice;
        }
    }

    private boolean isBefore(long keyA, long a, long keyB, long b, int depth) {
        if (keyA != keyB) {
            return keyA < keyB;
        }
        int offsetA = (int) (a >>> 32);
        int offsetB = (int) (b >>> 32);
        int endA = offsetA + (int) a;
        int endB = offsetB + (int) b;
        return Arrays.compareUnsigned(
                        array, Math.min(offsetA + depth, endA), endA, array, Math.min(offsetB + depth, endB), endB)
                < 0;
    }
}
