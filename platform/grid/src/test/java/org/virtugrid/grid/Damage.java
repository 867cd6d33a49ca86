package org.virtugrid.grid;

import java.util.List;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCheckedException;
import org.apache.ignite.internal.IgniteEx;
import org.apache.ignite.internal.processors.cache.GridCacheContext;
import org.apache.ignite.internal.processors.cache.GridCacheEntryEx;
import org.apache.ignite.internal.processors.cache.KeyCacheObject;
import org.apache.ignite.internal.processors.cache.distributed.dht.GridDhtCacheEntry;

/** Changes one stored copy beneath the API, so that Ignite itself sees nothing wrong with it. */
final class Damage {
    private Damage() {}

    static Ignite oneBackupOf(List<Ignite> workers, String cache, long key) {
        return workers.stream()
                .filter(worker ->
                        worker.affinity(cache).isBackup(worker.cluster().localNode(), key))
                .findFirst()
                .orElseThrow();
    }

    static void overwriteLocally(Ignite worker, String cache, long key, byte[] value) {
        GridCacheContext<Object, Object> context =
                ((IgniteEx) worker).context().cache().internalCache(cache).context();
        KeyCacheObject internalKey = context.toCacheKeyObject(key);
        context.shared().database().checkpointReadLock();
        try {
            GridCacheEntryEx entry = context.dht().entryEx(internalKey);
            ((GridDhtCacheEntry) entry)
                    .initialValue(
                            context.toCacheObject(value),
                            context.versions().next(worker.cluster().topologyVersion() + 1),
                            0,
                            0,
                            false,
                            context.affinity().affinityTopologyVersion(),
                            org.apache.ignite.internal.processors.dr.GridDrType.DR_NONE,
                            true,
                            false);
        } catch (IgniteCheckedException
                | org.apache.ignite.internal.processors.cache.GridCacheEntryRemovedException e) {
            throw new IllegalStateException(e);
        } finally {
            context.shared().database().checkpointReadUnlock();
        }
    }
}
