package org.virtugrid.bench.bare;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Lines of each range that this node dealt, end to end, until the range's sorter has fetched them. */
final class Buckets {
    private static final Map<Integer, byte[]> DEALT = new ConcurrentHashMap<>();

    private Buckets() {}

    static void keep(int range, Bucket bucket) {
        DEALT.put(range, bucket.take());
    }

    static byte[] take(int range) {
        byte[] bytes = DEALT.remove(range);
        return bytes == null ? new byte[0] : bytes;
    }

    /** Bytes that grow. */
    static final class Bucket {
        private byte[] bytes;
        private int used;

        Bucket(int expected) {
            bytes = new byte[expected];
        }

        void add(byte[] array, int offset, int length) {
            if (used + length + 1 > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(used + length + 1, bytes.length * 3 / 2));
            }
            System.arraycopy(array, offset, bytes, used, length);
            used += length;
            bytes[used++] = '\n';
        }

        private byte[] take() {
            byte[] all = used == bytes.length ? bytes : Arrays.copyOf(bytes, used);
            bytes = new byte[0];
            return all;
        }
    }
}
