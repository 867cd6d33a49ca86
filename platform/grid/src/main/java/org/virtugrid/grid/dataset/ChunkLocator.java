package org.virtugrid.grid.dataset;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.cluster.ClusterNode;
import org.virtugrid.grid.topology.NodeAttributes;

/** Where copies of chunks lie, by Ignite's affinity. */
final class ChunkLocator {
    private final Ignite ignite;

    ChunkLocator(Ignite ignite) {
        this.ignite = ignite;
    }

    boolean hasLoss(DatasetInfo info) {
        IgniteCache<Long, byte[]> cache = ignite.cache(info.cacheName());
        return cache == null || !cache.lostPartitions().isEmpty();
    }

    List<ChunkLocation> locate(DatasetInfo info, List<ChunkRow> table) {
        Set<Integer> lost = lostPartitions(info);
        List<List<String>> byPartition = new ArrayList<>();
        IntStream.range(0, org.virtugrid.grid.topology.SlotAffinity.PARTITIONS)
                .forEach(partition -> byPartition.add(lost.contains(partition) ? List.of() : owners(info, partition)));
        List<ChunkLocation> locations = new ArrayList<>(table.size());
        for (int index = 0; index < table.size(); index++) {
            ChunkRow row = table.get(index);
            locations.add(new ChunkLocation(index, row.size(), row.crc(), byPartition.get(row.partition())));
        }
        return locations;
    }

    private List<String> owners(DatasetInfo info, int partition) {
        Collection<ClusterNode> nodes = ignite.affinity(info.cacheName()).mapPartitionToPrimaryAndBackups(partition);
        return nodes.stream().map(NodeAttributes::vmId).toList();
    }

    List<Integer> lost(DatasetInfo info, List<ChunkRow> table, int most) {
        Set<Integer> lost = lostPartitions(info);
        return IntStream.range(0, table.size())
                .filter(index -> lost.contains(table.get(index).partition()))
                .limit(most)
                .boxed()
                .toList();
    }

    private Set<Integer> lostPartitions(DatasetInfo info) {
        IgniteCache<Long, byte[]> cache = ignite.cache(info.cacheName());
        if (cache == null) {
            return new HashSet<>(IntStream.range(0, org.virtugrid.grid.topology.SlotAffinity.PARTITIONS)
                    .boxed()
                    .toList());
        }
        return new HashSet<>(cache.lostPartitions());
    }
}
