package org.virtugrid.jobs.sort;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.LineRecords;

/**
 * Collects lines and sorts them in memory: one run of a larger sort. Fill it until {@link #bytes} says enough, sort, write,
 * clear. Not safe for use by several threads.
 */
public final class LineSorter {
    /** How many bytes of lines one sorter can hold at most, sort keys included. */
    public static final int MAX_BYTES = Integer.MAX_VALUE - 64;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final int BYTES_PER_LINE_GUESS = 40;

    private final LineOrder order;
    private final SortKey scratch = new SortKey();
    private byte[] arena;
    private int used;
    private long[] slices;
    private int count;

    /**
     * A sorter without lines.
     *
     * @param expectedBytes how many bytes of lines are to come, newlines included; a good guess saves copying
     */
    public LineSorter(LineOrder order, int expectedBytes) {
        this.order = order;
        this.arena = new byte[Math.min(MAX_BYTES, Math.max(1 << 10, expectedBytes) + SliceSort.PADDING)];
        this.slices = new long[Math.max(64, expectedBytes / BYTES_PER_LINE_GUESS)];
    }

    /** How many lines it holds. */
    public int count() {
        return count;
    }

    /** How many bytes of heap it takes to hold and to sort what it has. */
    public long bytes() {
        return arena.length + (long) Long.BYTES * (slices.length + count);
    }

    /** How many bytes the lines and their sort keys take; may not pass {@link #MAX_BYTES}. */
    public int used() {
        return used;
    }

    /** Copies one line in. */
    public void add(byte[] array, int offset, int length) throws InvalidJobException {
        if (order.isPlain()) {
            reserve(length);
            System.arraycopy(array, offset, arena, used, length);
            addSlice(used, length);
            used += length;
            return;
        }
        scratch.clear();
        int keyLength = order.record(array, offset, length, scratch);
        reserve((long) Integer.BYTES + scratch.length());
        INT.set(arena, used, keyLength);
        used += Integer.BYTES;
        System.arraycopy(scratch.array(), 0, arena, used, scratch.length());
        addSlice(used, scratch.length());
        used += scratch.length();
    }

    /** Copies all lines in that the cursor has not passed yet. */
    public void addAll(LineRecords records) throws InvalidJobException {
        while (records.next()) {
            add(records.array(), records.offset(), records.length());
        }
    }

    private void addSlice(int offset, int length) {
        if (count == slices.length) {
            slices = Arrays.copyOf(slices, count + (count >> 1));
        }
        slices[count++] = (long) offset << 32 | length;
    }

    private void reserve(long bytes) {
        long needed = used + bytes + SliceSort.PADDING;
        if (needed > arena.length) {
            if (needed > MAX_BYTES) {
                throw new IllegalStateException("a run may not pass " + MAX_BYTES + " bytes");
            }
            arena = Arrays.copyOf(arena, (int) Math.min(MAX_BYTES, Math.max(needed, arena.length * 3L / 2)));
        }
    }

    /** Forgets all lines and keeps the memory. */
    public void clear() {
        used = 0;
        count = 0;
    }

    /** Sorts the lines. */
    public void sort() {
        SliceSort.sort(arena, slices, count);
    }

    /** Writes the lines, sorted by {@link #sort}, with a newline behind each. */
    public void writeTo(OutputStream out) throws IOException {
        LineWriter writer = new LineWriter(out);
        LineSource lines = sorted();
        while (lines.next()) {
            writer.write(lines.array(), lines.offset(), lines.length());
        }
        writer.flush();
    }

    /** A cursor over the lines, sorted by {@link #sort}, in order. */
    public LineSource sorted() {
        return new Sorted();
    }

    /** Copies of the lines, sorted by {@link #sort}, in order; for few. */
    List<byte[]> lines() {
        List<byte[]> lines = new ArrayList<>(count);
        for (Sorted at = new Sorted(); at.next(); ) {
            lines.add(Arrays.copyOfRange(arena, at.offset, at.offset + at.length));
        }
        return lines;
    }

    private final class Sorted implements LineSource {
        private int at;
        private int offset;
        private int length;

        @Override
        public boolean next() {
            if (at == count) {
                return false;
            }
            long slice = slices[order.isDescending() ? count - 1 - at : at];
            at++;
            offset = (int) (slice >>> 32);
            length = (int) slice;
            if (!order.isPlain()) {
                int keyLength = (int) INT.get(arena, offset - Integer.BYTES);
                offset += keyLength;
                length -= keyLength;
            }
            return true;
        }

        @Override
        public byte[] array() {
            return arena;
        }

        @Override
        public int offset() {
            return offset;
        }

        @Override
        public int length() {
            return length;
        }
    }
}
