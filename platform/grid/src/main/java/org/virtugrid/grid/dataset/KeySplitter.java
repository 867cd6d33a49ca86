package org.virtugrid.grid.dataset;

import java.util.Arrays;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.grid.topology.SlotAffinity;

/**
 * Lines with the same value in a column go to the same partition. Works window by window: the lines of a window are dealt
 * to one chunk a partition, and a chunk of their order, one byte a line, lets the dataset come back byte for byte.
 */
final class KeySplitter implements Splitter {
    /** Bytes of a window; also the bound on what it keeps in memory. */
    static final int WINDOW = 16 << 20;

    private final int column;
    private final byte delimiter;
    private final ChunkSink sink;
    private byte[] window = new byte[WINDOW / 4];
    private int filled;
    private int number;

    KeySplitter(int column, byte delimiter, ChunkSink sink, int chunksBefore) {
        this.column = column;
        this.delimiter = delimiter;
        this.sink = sink;
        this.number = chunksBefore;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        int at = offset;
        int left = length;
        while (left > 0) {
            int part = Math.min(left, WINDOW - filled);
            if (filled + part > window.length) {
                window = Arrays.copyOf(window, Math.min(WINDOW, Math.max(filled + part, window.length * 2)));
            }
            System.arraycopy(source, at, window, filled, part);
            filled += part;
            at += part;
            left -= part;
            if (filled == WINDOW) {
                int newline = Lines.lastIndexOfNewline(window, 0, filled);
                if (newline < 0) {
                    throw GridException.invalid(
                            "strategy",
                            "a line is longer than " + (WINDOW >> 20) + " MiB, which strategy key cannot place",
                            "use strategy size, lines or round-robin");
                }
                deal(newline + 1);
            }
        }
    }

    private void deal(int size) {
        byte[] slots = new byte[Math.max(16, size / 32)];
        int[] sizes = new int[SlotAffinity.PARTITIONS];
        int lines = 0;
        for (int start = 0; start < size; lines++) {
            int end = lineEnd(start, size);
            if (lines == slots.length) {
                slots = Arrays.copyOf(slots, slots.length * 2);
            }
            int slot = slot(start, end);
            slots[lines] = (byte) slot;
            sizes[slot] += end - start;
            start = end;
        }
        byte[][] chunks = new byte[SlotAffinity.PARTITIONS][];
        int[] at = new int[SlotAffinity.PARTITIONS];
        int start = 0;
        for (int line = 0; line < lines; line++) {
            int end = lineEnd(start, size);
            int slot = slots[line];
            if (chunks[slot] == null) {
                chunks[slot] = new byte[sizes[slot]];
            }
            System.arraycopy(window, start, chunks[slot], at[slot], end - start);
            at[slot] += end - start;
            start = end;
        }
        for (int slot = 0; slot < chunks.length; slot++) {
            if (chunks[slot] != null) {
                sink.take(slot, chunks[slot], sizes[slot], 0, ChunkRow.Kind.DATA);
                number++;
            }
        }
        sink.take(number % SlotAffinity.PARTITIONS, Arrays.copyOf(slots, lines), 0, 0, ChunkRow.Kind.ORDER);
        number++;
        System.arraycopy(window, size, window, 0, filled - size);
        filled -= size;
    }

    private int lineEnd(int start, int size) {
        int newline = Lines.indexOfNewline(window, start, size);
        return newline < 0 ? size : newline + 1;
    }

    private int slot(int start, int end) {
        int at = start;
        for (int skipped = 1; skipped < column && at < end; at++) {
            if (window[at] == delimiter) {
                skipped++;
            }
        }
        int hash = 1;
        for (; at < end && window[at] != delimiter && window[at] != '\n'; at++) {
            hash = 31 * hash + window[at];
        }
        hash *= 0x9E3779B9;
        return (hash >>> 16) & (SlotAffinity.PARTITIONS - 1);
    }

    @Override
    public void finish() {
        if (filled > 0) {
            deal(filled);
        }
    }
}
