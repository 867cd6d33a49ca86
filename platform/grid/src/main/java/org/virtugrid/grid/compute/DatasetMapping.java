package org.virtugrid.grid.compute;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.cluster.ClusterNode;
import org.virtugrid.grid.dataset.DatasetInfo;
import org.virtugrid.jobs.api.InvalidJobException;

/** Maps a dataset's partitions to the workers with their primary copies. */
final class DatasetMapping implements PartsRun.Mapping {
    /** How long a partition without an owner may take to come back before the task is given up. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Ignite ignite;
    private final DatasetInfo info;
    private long lostSinceNanos;

    DatasetMapping(Ignite ignite, DatasetInfo info) {
        this.ignite = ignite;
        this.info = info;
    }

    @Override
    public Map<ClusterNode, List<Integer>> map(Iterable<Integer> partitions) throws InvalidJobException {
        IgniteCache<Long, byte[]> cache = ignite.cache(info.cacheName());
        if (cache == null) {
            throw new InvalidJobException("dataset", info.name() + " was deleted", "put it again and retry");
        }
        Collection<Integer> lost = cache.lostPartitions();
        Map<ClusterNode, List<Integer>> byNode = new HashMap<>();
        boolean complete = true;
        for (int partition : partitions) {
            ClusterNode node = lost.contains(partition)
                    ? null
                    : ignite.affinity(info.cacheName()).mapPartitionToNode(partition);
            if (node == null || ignite.cluster().node(node.id()) == null) {
                complete = false;
            } else {
                byNode.computeIfAbsent(node, owner -> new ArrayList<>()).add(partition);
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
        return byNode;
    }
}
