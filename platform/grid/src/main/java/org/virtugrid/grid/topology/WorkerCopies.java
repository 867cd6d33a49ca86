package org.virtugrid.grid.topology;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.ignite.Ignite;
import org.apache.ignite.cache.CachePeekMode;
import org.apache.ignite.internal.IgniteEx;
import org.apache.ignite.internal.processors.cache.CacheGroupContext;
import org.apache.ignite.internal.processors.cache.distributed.dht.topology.GridDhtPartitionState;
import org.apache.ignite.lang.IgniteCallable;
import org.apache.ignite.resources.IgniteInstanceResource;

/**
 * A worker's answer to "which whole copies do you hold": partition states by cache. Asked of the worker itself, through
 * Ignite's internal topology, because no other node knows better and no public interface tells states.
 */
final class WorkerCopies implements IgniteCallable<Map<String, Map<Integer, Long>>> {
    private static final long serialVersionUID = 1L;

    private final boolean withSizes;

    @IgniteInstanceResource
    private transient Ignite ignite;

    WorkerCopies(boolean withSizes) {
        this.withSizes = withSizes;
    }

    /** By cache name, the partitions of which this worker has a whole copy, with the number of entries. */
    @Override
    public Map<String, Map<Integer, Long>> call() {
        Map<String, Map<Integer, Long>> byCache = new HashMap<>();
        for (CacheGroupContext group : ((IgniteEx) ignite).context().cache().cacheGroups()) {
            if (group.systemCache() || !group.affinityNode()) {
                continue;
            }
            Set<Integer> owned = new HashSet<>();
            group.topology().currentLocalPartitions().forEach(partition -> {
                if (partition.state() == GridDhtPartitionState.OWNING
                        || partition.state() == GridDhtPartitionState.LOST) {
                    owned.add(partition.id());
                }
            });
            group.caches().forEach(cache -> {
                Map<Integer, Long> sizes = new HashMap<>();
                owned.forEach(partition -> sizes.put(partition, withSizes ? size(cache.name(), partition) : 0L));
                byCache.put(cache.name(), sizes);
            });
        }
        return byCache;
    }

    private long size(String cache, int partition) {
        return ignite.cache(cache).localSizeLong(partition, CachePeekMode.PRIMARY, CachePeekMode.BACKUP);
    }
}
