package org.virtugrid.jobs.sort;

import java.util.Arrays;

/** Growing bytes that a sort key is written to. */
final class SortKey {
    private byte[] bytes = new byte[64];
    private int length;

    void clear() {
        length = 0;
    }

    void put(int b) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, length * 2);
        }
        bytes[length++] = (byte) b;
    }

    void put(byte[] array, int offset, int count) {
        if (count > bytes.length - length) {
            bytes = Arrays.copyOf(bytes, Math.max(length * 2, length + count));
        }
        System.arraycopy(array, offset, bytes, length, count);
        length += count;
    }

    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }
}
