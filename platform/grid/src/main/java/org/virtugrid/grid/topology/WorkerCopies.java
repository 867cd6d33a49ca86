package org.virtugrid.grid.topology;

import java.io.Serializable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCheckedException;
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
final class WorkerCopies implements IgniteCallable<WorkerCopies.Held> {
    private static final long serialVersionUID = 1L;
    private static final long SETTLE_MILLIS = 5_000;

    /** What a worker holds, by cache name. No record, as Ignite cannot read those. */
    static final class Held implements Serializable {
        private static final long serialVersionUID = 1L;

        private final Map<String, Map<Integer, Long>> whole;
        private final Map<String, Set<Integer>> filling;

        Held(Map<String, Map<Integer, Long>> whole, Map<String, Set<Integer>> filling) {
            this.whole = whole;
            this.filling = filling;
        }

        /** Partitions of which it has a whole copy, with the number of entries. */
        Map<String, Map<Integer, Long>> whole() {
            return whole;
        }

        /** Partitions of which it is getting a copy. */
        Map<String, Set<Integer>> filling() {
            return filling;
        }
    }

    private final boolean withSizes;

    @IgniteInstanceResource
    private transient Ignite ignite;

    WorkerCopies(boolean withSizes) {
        this.withSizes = withSizes;
    }

    @Override
    public Held call() throws IgniteCheckedException {
        // In the middle of an exchange states are neither the old ones nor the new
        var exchange =
                ((IgniteEx) ignite).context().cache().context().exchange().lastTopologyFuture();
        if (exchange != null) {
            exchange.get(SETTLE_MILLIS);
        }
        Map<String, Map<Integer, Long>> whole = new HashMap<>();
        Map<String, Set<Integer>> filling = new HashMap<>();
        for (CacheGroupContext group : ((IgniteEx) ignite).context().cache().cacheGroups()) {
            if (group.systemCache() || !group.affinityNode()) {
                continue;
            }
            Set<Integer> owned = new HashSet<>();
            Set<Integer> moving = new HashSet<>();
            group.topology().currentLocalPartitions().forEach(partition -> {
                if (partition.state() == GridDhtPartitionState.OWNING
                        || partition.state() == GridDhtPartitionState.LOST) {
                    owned.add(partition.id());
                } else if (partition.state() == GridDhtPartitionState.MOVING) {
                    moving.add(partition.id());
                }
            });
            group.caches().forEach(cache -> {
                Map<Integer, Long> sizes = new HashMap<>();
                owned.forEach(partition -> sizes.put(partition, withSizes ? size(cache.name(), partition) : 0L));
                whole.put(cache.name(), sizes);
                filling.put(cache.name(), moving);
            });
        }
        return new Held(whole, filling);
    }

    private long size(String cache, int partition) {
        return ignite.cache(cache).localSizeLong(partition, CachePeekMode.PRIMARY, CachePeekMode.BACKUP);
    }
}
