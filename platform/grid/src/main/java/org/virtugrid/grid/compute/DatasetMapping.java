package org.virtugrid.grid.compute;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.cluster.ClusterNode;
import org.virtugrid.grid.dataset.ChunkRow;
import org.virtugrid.grid.dataset.DatasetInfo;
import org.virtugrid.jobs.api.InvalidJobException;

/**
 * Maps a dataset's partitions to workers that hold copies of them, so that each gets about as many bytes. A partition that comes
 * back, since its copy was not whole there or its worker is gone, goes to its primary copy.
 */
final class DatasetMapping implements PartsRun.Mapping {
    /** How long a partition without an owner may take to come back before the task is given up. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Ignite ignite;
    private final DatasetInfo info;
    private final Map<Integer, Long> bytes;
    private final Set<Integer> mappedBefore = new HashSet<>();
    private long lostSinceNanos;

    DatasetMapping(Ignite ignite, DatasetInfo info, List<ChunkRow> table) {
        this.ignite = ignite;
        this.info = info;
        this.bytes = WorkChunks.bytes(table);
    }

    @Override
    public Map<ClusterNode, List<Integer>> map(Iterable<Integer> partitions) throws InvalidJobException {
        IgniteCache<Long, byte[]> cache = ignite.cache(info.cacheName());
        if (cache == null) {
            throw new InvalidJobException("dataset", info.name() + " was deleted", "put it again and retry");
        }
        Collection<Integer> lost = cache.lostPartitions();
        Map<Integer, List<ClusterNode>> holders = new TreeMap<>();
        boolean complete = true;
        for (int partition : partitions) {
            List<ClusterNode> nodes = lost.contains(partition) ? List.of() : holders(partition);
            if (nodes.isEmpty()) {
                complete = false;
            } else {
                holders.put(partition, nodes);
            }
        }
        if (complete) {
            lostSinceNanos = 0;
        } else if (lostSinceNanos == 0) {
            lostSinceNanos = System.nanoTime();
        } else if (System.nanoTime() - lostSinceNanos > PATIENCE_NANOS) {
            throw new InvalidJobException(
                    "dataset",
                    info.name() + " has lost chunks: no copy of " + lost.size() + " of its partitions can be read",
                    "start the VMs that are down, see dataset chunks " + info.name());
        }
        Map<ClusterNode, List<Integer>> byNode = new HashMap<>();
        EvenShares.of(holders, bytes).forEach((partition, node) -> byNode.computeIfAbsent(node, n -> new ArrayList<>())
                .add(partition));
        mappedBefore.addAll(holders.keySet());
        return byNode;
    }

    /** Workers in the grid with a copy, the primary one first; only that one for a partition that was mapped before. */
    private List<ClusterNode> holders(int partition) {
        List<ClusterNode> nodes =
                List.copyOf(ignite.affinity(info.cacheName()).mapPartitionToPrimaryAndBackups(partition));
        if (nodes.isEmpty() || ignite.cluster().node(nodes.get(0).id()) == null) {
            return List.of();
        }
        return mappedBefore.contains(partition)
                ? nodes.subList(0, 1)
                : nodes.stream()
                        .filter(node -> ignite.cluster().node(node.id()) != null)
                        .toList();
    }
}
