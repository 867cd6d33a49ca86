package org.virtugrid.bench.bare;

import java.util.Iterator;
import javax.cache.Cache;
import org.apache.ignite.Ignite;
import org.apache.ignite.cache.query.QueryCursor;
import org.apache.ignite.cache.query.ScanQuery;
import org.virtugrid.bench.Hashes;

/** Reads the chunks of some partitions where they lie, each checked. */
final class LocalChunks {
    private final Ignite ignite;
    private final int[] partitions;

    LocalChunks(Ignite ignite, int[] partitions) {
        this.ignite = ignite;
        this.partitions = partitions;
    }

    /** Takes a chunk. */
    interface Taker {
        void take(byte[] chunk) throws Exception;
    }

    void forEach(Taker taker) throws Exception {
        FileTable table = ignite.<Integer, FileTable>cache(BareConfig.FILES).get(0);
        for (int partition : partitions) {
            ScanQuery<Long, byte[]> scan = new ScanQuery<>(partition);
            scan.setLocal(true);
            scan.setPageSize(2);
            try (QueryCursor<Cache.Entry<Long, byte[]>> cursor =
                    ignite.<Long, byte[]>cache(BareConfig.CHUNKS).query(scan)) {
                for (Iterator<Cache.Entry<Long, byte[]>> each = cursor.iterator(); each.hasNext(); ) {
                    Cache.Entry<Long, byte[]> entry = each.next();
                    byte[] chunk = entry.getValue();
                    if (Hashes.crc(chunk) != table.crc(entry.getKey())) {
                        throw new IllegalStateException("chunk " + entry.getKey() + " is damaged");
                    }
                    taker.take(chunk);
                }
            }
        }
    }
}
