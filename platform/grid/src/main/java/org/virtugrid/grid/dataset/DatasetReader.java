package org.virtugrid.grid.dataset;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.IgniteException;
import org.apache.ignite.lang.IgniteFuture;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.grid.topology.SlotAffinity;

/** Brings a dataset back byte for byte, some chunks ahead of the reader, each checked. */
final class DatasetReader {
    private static final int AHEAD_BYTES = 8 << 20;

    private final Ignite ignite;
    private final GoodCopies copies;

    DatasetReader(Ignite ignite, DatasetCatalogue catalogue) {
        this.ignite = ignite;
        this.copies = new GoodCopies(ignite);
    }

    /** How many bytes were read, and whether they end with a line's end. */
    record Prefix(long bytes, boolean endsLine) {}

    /** Takes whole values in the order of the table. */
    private interface Values {
        void take(ChunkRow row, byte[] value) throws IOException;
    }

    void write(DatasetInfo info, List<ChunkRow> table, OutputStream out) throws IOException {
        if (info.strategy() == PartitionStrategy.KEY) {
            forEach(info, table, new Windows(out));
        } else {
            forEach(info, table, (row, value) -> out.write(value, 0, row.size()));
        }
    }

    Prefix digest(DatasetInfo info, List<ChunkRow> table, MessageDigest digest) {
        long[] bytes = new long[1];
        boolean[] endsLine = {true};
        OutputStream into = new OutputStream() {
            @Override
            public void write(int single) {
                digest.update((byte) single);
            }

            @Override
            public void write(byte[] source, int offset, int length) {
                digest.update(source, offset, length);
                bytes[0] += length;
                if (length > 0) {
                    endsLine[0] = source[offset + length - 1] == '\n';
                }
            }
        };
        try {
            write(info, table, into);
        } catch (IOException e) {
            throw new IllegalStateException("a digest does not fail", e);
        }
        return new Prefix(bytes[0], endsLine[0]);
    }

    private void forEach(DatasetInfo info, List<ChunkRow> table, Values values) throws IOException {
        IgniteCache<Long, byte[]> cache = ignite.cache(info.cacheName());
        if (cache == null) {
            throw lost(info, 0);
        }
        Deque<IgniteFuture<byte[]>> ahead = new ArrayDeque<>();
        long aheadBytes = 0;
        int asked = 0;
        for (int index = 0; index < table.size(); index++) {
            while (asked < table.size() && (asked == index || aheadBytes < AHEAD_BYTES)) {
                ahead.add(cache.getAsync(table.get(asked).key()));
                aheadBytes += table.get(asked++).size();
            }
            ChunkRow row = table.get(index);
            aheadBytes -= row.size();
            values.take(row, valueOf(info, index, row, ahead.remove()));
        }
    }

    private byte[] valueOf(DatasetInfo info, int index, ChunkRow row, IgniteFuture<byte[]> asked) {
        byte[] value;
        try {
            value = asked.get();
        } catch (IgniteException | javax.cache.CacheException e) {
            value = null;
        }
        if (value != null && Checksums.crc(value) == row.crc()) {
            return value;
        }
        return copies.find(info, row).orElseThrow(() -> lost(info, index));
    }

    private static GridException lost(DatasetInfo info, int index) {
        return GridException.unavailable(
                "chunk " + index + " of dataset " + info.name() + " has no good copy left that can be read now",
                "start the VMs that are down, then dataset check " + info.name() + " --repair");
    }

    /** Puts the lines of a window back into their order. */
    private static final class Windows implements Values {
        private final OutputStream out;
        private final List<byte[]> chunks = new ArrayList<>();
        private final List<Integer> slots = new ArrayList<>();

        Windows(OutputStream out) {
            this.out = out;
        }

        @Override
        public void take(ChunkRow row, byte[] value) throws IOException {
            if (row.kind() != ChunkRow.Kind.ORDER) {
                chunks.add(value);
                slots.add(row.partition());
                return;
            }
            byte[][] bySlot = new byte[SlotAffinity.PARTITIONS][];
            for (int i = 0; i < chunks.size(); i++) {
                bySlot[slots.get(i)] = chunks.get(i);
            }
            int total = chunks.stream().mapToInt(chunk -> chunk.length).sum();
            byte[] window = new byte[total];
            int[] at = new int[SlotAffinity.PARTITIONS];
            int filled = 0;
            for (byte slot : value) {
                byte[] chunk = bySlot[slot];
                int newline = Lines.indexOfNewline(chunk, at[slot], chunk.length);
                int end = newline < 0 ? chunk.length : newline + 1;
                System.arraycopy(chunk, at[slot], window, filled, end - at[slot]);
                filled += end - at[slot];
                at[slot] = end;
            }
            out.write(Arrays.copyOf(window, filled), 0, filled);
            chunks.clear();
            slots.clear();
        }
    }
}
