package org.virtugrid.control.rest;

import java.io.InputStream;
import java.util.Arrays;

/** So many bytes, made as they are read. */
final class Endless extends InputStream {
    private long left;

    Endless(long bytes) {
        this.left = bytes;
    }

    @Override
    public int read() {
        return left-- > 0 ? ' ' : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (left <= 0) {
            return -1;
        }
        int count = (int) Math.min(length, left);
        Arrays.fill(target, offset, offset + count, (byte) ' ');
        left -= count;
        return count;
    }
}
