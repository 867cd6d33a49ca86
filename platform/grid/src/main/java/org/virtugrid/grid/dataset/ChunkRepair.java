package org.virtugrid.grid.dataset;

import java.util.Optional;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;

/** Looks at this worker's copies of chunks, and mends copies from a good one. */
public final class ChunkRepair {
    private final DatasetInfo info;
    private final IgniteCache<Long, byte[]> cache;
    private final GoodCopies copies;

    /** For the chunks of one dataset. */
    public ChunkRepair(Ignite ignite, DatasetInfo info) {
        this.info = info;
        this.cache = ignite.cache(info.cacheName());
        this.copies = new GoodCopies(ignite);
    }

    /** How a copy is. */
    public enum Copy {
        /** As its checksum says. */
        GOOD,
        /** Not as its checksum says. */
        DIFFERENT,
        /** Not on this worker. */
        ABSENT
    }

    /** How this worker's own copy is. */
    public Copy look(ChunkRow row) {
        byte[] value = cache == null ? null : GoodCopies.local(cache, row.key());
        if (value == null) {
            return Copy.ABSENT;
        }
        return Checksums.crc(value) == row.crc() ? Copy.GOOD : Copy.DIFFERENT;
    }

    /** Writes a good copy over all copies; false when there is none, or when it did not reach all of them. */
    public boolean repair(ChunkRow row) {
        Optional<byte[]> good = copies.find(info, row);
        if (good.isEmpty()) {
            return false;
        }
        cache.put(row.key(), good.get());
        if (!copies.allGood(info, row)) {
            // A copy whose version ran ahead ignores the write; it is dropped first, then written.
            copies.drop(info, row);
            cache.put(row.key(), good.get());
        }
        return copies.allGood(info, row);
    }
}
