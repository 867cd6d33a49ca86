package org.virtugrid.grid.dataset;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.cache.CacheException;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cache.CachePeekMode;
import org.apache.ignite.cluster.ClusterNode;
import org.virtugrid.grid.topology.NodeAttributes;
import org.virtugrid.grid.topology.SlotAffinity;

/** Where copies of chunks lie, by Ignite's affinity. */
final class ChunkLocator {
    private static final long COUNT_MILLIS = 2_000;
    private static final int LOOKS = 2;

    private final Ignite ignite;

    ChunkLocator(Ignite ignite) {
        this.ignite = ignite;
    }

    /** Whether chunks have no copy left: their partition is lost, or its owners came back without them. */
    boolean hasLoss(DatasetInfo info) {
        IgniteCache<Long, byte[]> cache = ignite.cache(info.cacheName());
        return cache == null || !cache.lostPartitions().isEmpty() || lacksChunks(cache, info.chunks());
    }

    /** Looks twice, because a count may miss a partition that is just changing hands; a worker that is silent says nothing. */
    private static boolean lacksChunks(IgniteCache<Long, byte[]> cache, int chunks) {
        try {
            boolean lacks = true;
            for (int look = 0; look < LOOKS && lacks; look++) {
                lacks = count(cache) < chunks;
            }
            return lacks;
        } catch (IgniteException | CacheException e) {
            return false;
        }
    }

    private static long count(IgniteCache<Long, byte[]> cache) {
        return cache.sizeLongAsync(CachePeekMode.PRIMARY).get(COUNT_MILLIS, TimeUnit.MILLISECONDS);
    }

    List<ChunkLocation> locate(DatasetInfo info, List<ChunkRow> table) {
        Set<Integer> lost = lostPartitions(info);
        Set<Integer> absent = hasLoss(info) ? new HashSet<>(lost(info, table, table.size())) : Set.of();
        List<List<String>> byPartition = new ArrayList<>();
        IntStream.range(0, SlotAffinity.PARTITIONS)
                .forEach(partition -> byPartition.add(lost.contains(partition) ? List.of() : owners(info, partition)));
        List<ChunkLocation> locations = new ArrayList<>(table.size());
        for (int index = 0; index < table.size(); index++) {
            ChunkRow row = table.get(index);
            List<String> vms = absent.contains(index) ? List.of() : byPartition.get(row.partition());
            locations.add(new ChunkLocation(index, row.size(), row.crc(), vms));
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
                .filter(index -> lost.contains(table.get(index).partition()) || isAbsent(info, table.get(index)))
                .limit(most)
                .boxed()
                .toList();
    }

    private boolean isAbsent(DatasetInfo info, ChunkRow row) {
        return !ignite.<Long, byte[]>cache(info.cacheName()).containsKey(row.key());
    }

    private Set<Integer> lostPartitions(DatasetInfo info) {
        IgniteCache<Long, byte[]> cache = ignite.cache(info.cacheName());
        if (cache == null) {
            return new HashSet<>(
                    IntStream.range(0, SlotAffinity.PARTITIONS).boxed().toList());
        }
        return new HashSet<>(cache.lostPartitions());
    }
}
