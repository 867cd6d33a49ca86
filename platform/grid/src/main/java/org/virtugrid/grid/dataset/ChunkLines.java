package org.virtugrid.grid.dataset;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.virtugrid.jobs.api.LineRecords;

/**
 * Reads a dataset's chunks on the worker that holds them: the lines that begin in a chunk, each whole. One instance a
 * thread.
 */
public final class ChunkLines {
    private final IgniteCache<Long, byte[]> cache;
    private final DatasetInfo info;
    private final List<ChunkRow> table;
    private final GoodCopies copies;
    private final long longestLine;

    /**
     * A reader of one dataset.
     *
     * @param table the dataset's whole chunk table
     * @param longestLine bytes that one line may have
     */
    public ChunkLines(Ignite ignite, DatasetInfo info, List<ChunkRow> table, long longestLine) {
        this.cache = ignite.cache(info.cacheName());
        this.info = info;
        this.table = table;
        this.copies = new GoodCopies(ignite);
        this.longestLine = longestLine;
    }

    /** A line that does not fit. */
    public static final class LineTooLongException extends Exception {
        private static final long serialVersionUID = 1L;

        LineTooLongException(String message) {
            super(message);
        }
    }

    /**
     * The lines that begin in a chunk of kind DATA or DATA_OPEN.
     *
     * @return empty when this worker has no copy of it any more
     * @throws LineTooLongException when its last line does not fit into this worker's memory
     */
    public Optional<LineRecords> lines(int index) throws LineTooLongException {
        ChunkRow row = table.get(index);
        if (row.skip() >= row.size() && row.size() > 0) {
            return Optional.of(new LineRecords(new byte[0], 0, 0));
        }
        byte[] value = local(row);
        if (value == null) {
            return Optional.empty();
        }
        if (row.kind() == ChunkRow.Kind.DATA_OPEN) {
            value = withRest(index, value);
        }
        return value == null ? Optional.empty() : Optional.of(new LineRecords(value, row.skip(), value.length));
    }

    /** The stored value, checked; a damaged copy is read from another worker instead. */
    public byte[] local(ChunkRow row) {
        byte[] value = cache == null ? null : GoodCopies.local(cache, row.key());
        if (value == null || Checksums.crc(value) == row.crc()) {
            return value;
        }
        return copies.find(info, row).orElse(null);
    }

    /** Appends the rest of the chunk's last line, which lies in the chunks that follow. */
    private byte[] withRest(int index, byte[] value) throws LineTooLongException {
        int last = index + 1;
        long length = value.length;
        while (last < table.size()) {
            ChunkRow next = table.get(last);
            length += next.skip();
            if (next.skip() < next.size()) {
                break;
            }
            last++;
        }
        if (length > longestLine) {
            throw new LineTooLongException("a line that begins in chunk " + index + " has more than " + longestLine
                    + " bytes, which is what this worker's memory allows");
        }
        byte[] whole = Arrays.copyOf(value, (int) length);
        int at = value.length;
        for (int next = index + 1; next <= last && next < table.size(); next++) {
            ChunkRow row = table.get(next);
            byte[] rest = cache.get(row.key());
            if (rest == null) {
                return null;
            }
            System.arraycopy(rest, 0, whole, at, row.skip());
            at += row.skip();
        }
        return whole;
    }
}
