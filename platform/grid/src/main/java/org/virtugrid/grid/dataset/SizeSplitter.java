package org.virtugrid.grid.dataset;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Chunks of equal size. A line that a cut goes through is stored whole with the chunk it begins in: the rest of it is
 * appended to that chunk's value, so that jobs read lines without asking another worker. Only lines whose rest is longer
 * than a chunk or {@link #LONGEST_REST} stay open.
 */
final class SizeSplitter implements Splitter {
    /** Neighbouring chunks that go to one partition under strategy size. */
    static final int NEIGHBOURS = 4;

    private static final int LONGEST_REST = 64 * 1024;

    private final int chunkSize;
    private final int longestRest;
    private final ChunkSink sink;
    private final IntUnaryOperator slotOf;
    private final byte[] current;
    private int filled;
    private boolean currentBeginsLine;
    private int number;

    private byte[] pending;
    private int rest;
    private int pendingSkip;

    SizeSplitter(int chunkSize, ChunkSink sink, IntUnaryOperator slotOf, int chunksBefore, boolean atLineStart) {
        this.chunkSize = chunkSize;
        this.longestRest = Math.min(chunkSize, LONGEST_REST);
        this.sink = sink;
        this.slotOf = slotOf;
        this.current = new byte[chunkSize];
        this.number = chunksBefore;
        this.currentBeginsLine = atLineStart;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        int at = offset;
        int left = length;
        while (left > 0) {
            int part = Math.min(left, chunkSize - filled);
            appendRest(source, at, part);
            System.arraycopy(source, at, current, filled, part);
            filled += part;
            at += part;
            left -= part;
            if (filled == chunkSize) {
                closeCurrent();
            }
        }
    }

    private void appendRest(byte[] source, int offset, int length) {
        if (pending == null) {
            return;
        }
        int most = Math.min(length, longestRest - rest);
        int newline = Lines.indexOfNewline(source, offset, offset + most);
        int taken = newline < 0 ? most : newline + 1 - offset;
        System.arraycopy(source, offset, pending, chunkSize + rest, taken);
        rest += taken;
        if (newline >= 0) {
            emitPending(ChunkRow.Kind.DATA);
        } else if (rest == longestRest) {
            rest = 0;
            emitPending(ChunkRow.Kind.DATA_OPEN);
        }
    }

    private void closeCurrent() {
        int skip = skip();
        currentBeginsLine = current[filled - 1] == '\n';
        if (currentBeginsLine) {
            sink.take(slotOf.applyAsInt(number++), Arrays.copyOf(current, filled), filled, skip, ChunkRow.Kind.DATA);
        } else {
            pending = Arrays.copyOf(current, chunkSize + longestRest);
            pendingSkip = skip;
            rest = 0;
        }
        filled = 0;
    }

    private int skip() {
        if (currentBeginsLine) {
            return 0;
        }
        int newline = Lines.indexOfNewline(current, 0, filled);
        return newline < 0 ? filled : newline + 1;
    }

    private void emitPending(ChunkRow.Kind kind) {
        sink.take(slotOf.applyAsInt(number++), Arrays.copyOf(pending, chunkSize + rest), chunkSize, pendingSkip, kind);
        pending = null;
    }

    @Override
    public void finish() {
        if (pending != null) {
            emitPending(ChunkRow.Kind.DATA);
        }
        if (filled > 0) {
            sink.take(slotOf.applyAsInt(number++), Arrays.copyOf(current, filled), filled, skip(), ChunkRow.Kind.DATA);
            filled = 0;
        }
    }
}
