package org.virtugrid.grid.dataset;

import java.util.Optional;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cache.CachePeekMode;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.lang.IgniteCallable;
import org.apache.ignite.lang.IgniteRunnable;
import org.apache.ignite.resources.IgniteInstanceResource;

/** Finds a copy of a chunk that agrees with its checksum, on whatever worker it lies. */
final class GoodCopies {
    private static final long ASK_MILLIS = 10_000;

    private final Ignite ignite;

    GoodCopies(Ignite ignite) {
        this.ignite = ignite;
    }

    /** A value whose checksum is right, asked of every worker that should have one. */
    Optional<byte[]> find(DatasetInfo info, ChunkRow row) {
        for (ClusterNode node : ignite.affinity(info.cacheName()).mapPartitionToPrimaryAndBackups(row.partition())) {
            try {
                byte[] value = ignite.compute(ignite.cluster().forNode(node))
                        .withTimeout(ASK_MILLIS)
                        .call(new Peek(info.cacheName(), row.key()));
                if (value != null && Checksums.crc(value) == row.crc()) {
                    return Optional.of(value);
                }
            } catch (IgniteException e) {
                // This worker cannot answer; the next one may.
            }
        }
        return Optional.empty();
    }

    /** Whether every worker that should have a copy has a good one. */
    boolean allGood(DatasetInfo info, ChunkRow row) {
        for (ClusterNode node : ignite.affinity(info.cacheName()).mapPartitionToPrimaryAndBackups(row.partition())) {
            byte[] value = ignite.compute(ignite.cluster().forNode(node))
                    .withTimeout(ASK_MILLIS)
                    .call(new Peek(info.cacheName(), row.key()));
            if (value == null || Checksums.crc(value) != row.crc()) {
                return false;
            }
        }
        return true;
    }

    /** Removes the chunk from every worker whose copy is not good. */
    void drop(DatasetInfo info, ChunkRow row) {
        for (ClusterNode node : ignite.affinity(info.cacheName()).mapPartitionToPrimaryAndBackups(row.partition())) {
            ignite.compute(ignite.cluster().forNode(node))
                    .withTimeout(ASK_MILLIS)
                    .run(new DropIfBad(info.cacheName(), row.key(), row.crc()));
        }
    }

    /** Removes one worker's own copy where it is not good. */
    private static final class DropIfBad implements IgniteRunnable {
        private static final long serialVersionUID = 1L;

        private final String cacheName;
        private final long key;
        private final int crc;

        @IgniteInstanceResource
        private transient Ignite ignite;

        DropIfBad(String cacheName, long key, int crc) {
            this.cacheName = cacheName;
            this.key = key;
            this.crc = crc;
        }

        @Override
        public void run() {
            IgniteCache<Long, byte[]> cache = ignite.cache(cacheName);
            byte[] value = local(cache, key);
            if (value != null && Checksums.crc(value) != crc) {
                cache.localClear(key);
            }
        }
    }

    /** This node's own copy of a chunk, primary or not; null where it has none. */
    static byte[] local(IgniteCache<Long, byte[]> cache, long key) {
        return cache.localPeek(key, CachePeekMode.PRIMARY, CachePeekMode.BACKUP);
    }

    /** Asks one worker for its own copy. */
    private static final class Peek implements IgniteCallable<byte[]> {
        private static final long serialVersionUID = 1L;

        private final String cacheName;
        private final long key;

        @IgniteInstanceResource
        private transient Ignite ignite;

        Peek(String cacheName, long key) {
            this.cacheName = cacheName;
            this.key = key;
        }

        @Override
        public byte[] call() {
            IgniteCache<Long, byte[]> cache = ignite.cache(cacheName);
            return cache == null ? null : local(cache, key);
        }
    }
}
