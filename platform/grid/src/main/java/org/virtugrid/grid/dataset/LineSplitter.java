package org.virtugrid.grid.dataset;

import java.util.Arrays;
import org.virtugrid.grid.topology.SlotAffinity;

/**
 * Chunks of about the wanted size that end where a line ends. A line longer than {@link #LARGEST_CHUNK}, or than a chunk where that is more, is stored in
 * pieces that all lie in one partition, so that no worker holds only a part of it.
 */
final class LineSplitter implements Splitter {
    private static final int LARGEST_CHUNK = 4 << 20;

    private final int chunkSize;
    private final int largest;
    private final ChunkSink sink;
    private byte[] buffer;
    private int filled;
    private int searched;
    private int number;
    private int slot;
    private boolean insideLine;

    LineSplitter(int chunkSize, ChunkSink sink, int chunksBefore, boolean atLineStart) {
        this.chunkSize = chunkSize;
        this.largest = Math.max(chunkSize, LARGEST_CHUNK);
        this.sink = sink;
        this.buffer = new byte[chunkSize * 2];
        this.number = chunksBefore;
        this.slot = number % SlotAffinity.PARTITIONS;
        this.insideLine = !atLineStart;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            int part = Math.min(end - at, chunkSize);
            reserve(part);
            System.arraycopy(source, at, buffer, filled, part);
            filled += part;
            at += part;
            emitFull();
        }
    }

    private void reserve(int more) {
        if (filled + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(filled + more, buffer.length * 2));
        }
    }

    private void emitFull() {
        while (filled >= chunkSize) {
            int newline = Lines.lastIndexOfNewline(buffer, searched, Math.max(searched, chunkSize));
            if (newline < 0) {
                newline = Lines.indexOfNewline(buffer, Math.max(searched, chunkSize), filled);
            }
            if (newline >= 0) {
                emit(newline + 1, ChunkRow.Kind.DATA);
            } else if (filled >= largest) {
                emit(largest, ChunkRow.Kind.DATA_OPEN);
            } else {
                searched = filled;
                return;
            }
        }
    }

    private void emit(int size, ChunkRow.Kind kind) {
        int skip = 0;
        if (insideLine) {
            int newline = Lines.indexOfNewline(buffer, 0, size);
            skip = newline < 0 ? size : newline + 1;
        }
        sink.take(slot, Arrays.copyOf(buffer, size), size, skip, kind);
        number++;
        insideLine = buffer[size - 1] != '\n';
        if (!insideLine) {
            slot = number % SlotAffinity.PARTITIONS;
        }
        System.arraycopy(buffer, size, buffer, 0, filled - size);
        filled -= size;
        searched = 0;
    }

    @Override
    public void finish() {
        if (filled > 0) {
            emit(filled, ChunkRow.Kind.DATA);
        }
    }
}
