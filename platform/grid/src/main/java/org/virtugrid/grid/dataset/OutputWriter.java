package org.virtugrid.grid.dataset;

import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.lang.IgniteFuture;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.grid.topology.SlotAffinity;

/**
 * Writes a part of a task's output as chunks that end where lines end. Chunk keys are a function of the part, so writing
 * a part twice, also by a worker that was fenced, stores the same. Used by one thread.
 */
public final class OutputWriter extends OutputStream {
    /** Chunks that one part may have: keys of part {@code n} begin at {@code n * CHUNKS_PER_PART}. */
    private static final long CHUNKS_PER_PART = 1L << 24;

    private static final int PUTS_UNDER_WAY = 4;

    private final IgniteCache<Long, byte[]> cache;
    private final long firstNumber;
    private final int fixedSlot;
    private final LineSplitter splitter;
    private final Deque<IgniteFuture<Void>> underWay = new ArrayDeque<>();
    private final List<ChunkRow> rows = new ArrayList<>();
    private long bytes;

    /**
     * A writer for one part of an output.
     *
     * @param slot the partition that all of it goes to, or -1 to deal it to all
     */
    public OutputWriter(Ignite ignite, DatasetInfo output, long part, int slot) {
        this.cache = ignite.cache(output.cacheName());
        if (cache == null) {
            throw GridException.unavailable("the output " + output.name() + " was discarded", "run the task again");
        }
        this.firstNumber = part * CHUNKS_PER_PART;
        this.fixedSlot = slot;
        this.splitter =
                new LineSplitter(output.chunkSizeBytes(), this::put, (int) (part * 7 % SlotAffinity.PARTITIONS), true);
    }

    private void put(int dealt, byte[] value, int size, int skip, ChunkRow.Kind kind) {
        int slot = fixedSlot >= 0 ? fixedSlot : dealt;
        ChunkRow row =
                new ChunkRow(SlotAffinity.key(firstNumber + rows.size(), slot), size, skip, Checksums.crc(value), kind);
        rows.add(row);
        while (underWay.size() >= PUTS_UNDER_WAY) {
            underWay.remove().get();
        }
        underWay.add(cache.putAsync(row.key(), value));
    }

    /** Stores a chunk as it is, whatever its lines. */
    public void chunk(byte[] value, ChunkRow.Kind kind) {
        put(SlotAffinity.PARTITIONS - 1, value, kind == ChunkRow.Kind.ORDER ? 0 : value.length, 0, kind);
    }

    @Override
    public void write(int single) {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        splitter.write(source, offset, length);
        bytes += length;
    }

    /** Waits until everything is stored with its copies; the rows of this part, in order. */
    public List<ChunkRow> store() {
        splitter.finish();
        while (!underWay.isEmpty()) {
            underWay.remove().get();
        }
        return rows;
    }

    /** Bytes written so far. */
    public long bytes() {
        return bytes;
    }
}
