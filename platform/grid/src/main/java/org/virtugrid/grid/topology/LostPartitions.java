package org.virtugrid.grid.topology;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.ignite.Ignite;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.internal.IgniteEx;
import org.apache.ignite.internal.processors.cache.CacheGroupContext;
import org.apache.ignite.internal.processors.cache.distributed.dht.topology.GridDhtLocalPartition;
import org.apache.ignite.internal.processors.cache.distributed.dht.topology.GridDhtPartitionState;
import org.apache.ignite.lang.IgniteCallable;
import org.apache.ignite.lang.IgniteFuture;
import org.apache.ignite.lang.IgniteRunnable;
import org.apache.ignite.resources.IgniteInstanceResource;

/**
 * Takes lost partitions back into use once their holders are back.
 *
 * <p>A partition is lost when no living worker had a whole copy. Some may have had a part of one, which was just being made;
 * when the holder fails, Ignite closes the gaps in their update counters, and at the reset such a part looks as new as the
 * whole copy that came back. What tells them apart is the counter with which a process began: the holder read it from its
 * disk, the others began with less. So those others' counters are set to nothing first, and they are filled anew.
 */
public final class LostPartitions {
    private static final long ASK_MILLIS = 10_000;

    private LostPartitions() {}

    /** Takes the lost partitions of these caches back into use. All who may hold them must be in the grid. Blocks. */
    public static void reset(Ignite ignite, Set<String> caches) {
        Map<ClusterNode, Map<String, Map<Integer, Long>>> begun = new HashMap<>();
        Map<ClusterNode, IgniteFuture<Map<String, Map<Integer, Long>>>> asked = new HashMap<>();
        for (ClusterNode node : ignite.cluster()
                .forServers()
                .forAttribute(NodeAttributes.ROLE, NodeRole.WORKER.label())
                .nodes()) {
            asked.put(
                    node,
                    ignite.compute(ignite.cluster().forNode(node))
                            .withNoFailover()
                            .callAsync(new BegunWith()));
        }
        asked.forEach((node, answer) -> begun.put(node, answer.get(ASK_MILLIS, TimeUnit.MILLISECONDS)));
        for (Map.Entry<ClusterNode, Map<String, Set<Integer>>> node :
                yielding(begun).entrySet()) {
            ignite.compute(ignite.cluster().forNode(node.getKey()))
                    .withNoFailover()
                    .runAsync(new Yield(node.getValue()))
                    .get(ASK_MILLIS, TimeUnit.MILLISECONDS);
        }
        ignite.resetLostPartitions(caches);
    }

    /** By node and cache group, the lost partitions whose copy began with less than another's. Pure. */
    static <N> Map<N, Map<String, Set<Integer>>> yielding(Map<N, Map<String, Map<Integer, Long>>> begun) {
        Map<String, Map<Integer, Long>> most = new HashMap<>();
        begun.values()
                .forEach(groups -> groups.forEach((group, counters) -> counters.forEach((partition, counter) ->
                        most.computeIfAbsent(group, name -> new HashMap<>()).merge(partition, counter, Long::max))));
        Map<N, Map<String, Set<Integer>>> yielding = new HashMap<>();
        begun.forEach((node, groups) -> groups.forEach((group, counters) -> counters.forEach((partition, counter) -> {
            if (counter < most.get(group).get(partition)) {
                yielding.computeIfAbsent(node, name -> new HashMap<>())
                        .computeIfAbsent(group, name -> new HashSet<>())
                        .add(partition);
            }
        })));
        return yielding;
    }

    /** By cache group, the lost partitions that are on this worker with the counter that each began with. */
    private static final class BegunWith implements IgniteCallable<Map<String, Map<Integer, Long>>> {
        private static final long serialVersionUID = 1L;

        @IgniteInstanceResource
        private transient Ignite ignite;

        @Override
        public Map<String, Map<Integer, Long>> call() {
            Map<String, Map<Integer, Long>> byGroup = new HashMap<>();
            for (CacheGroupContext group : ((IgniteEx) ignite).context().cache().cacheGroups()) {
                if (group.systemCache() || !group.affinityNode()) {
                    continue;
                }
                Map<Integer, Long> counters = new HashMap<>();
                for (GridDhtLocalPartition partition : group.topology().currentLocalPartitions()) {
                    if (partition.state() == GridDhtPartitionState.LOST) {
                        counters.put(partition.id(), partition.initialUpdateCounter());
                    }
                }
                if (!counters.isEmpty()) {
                    byGroup.put(group.cacheOrGroupName(), counters);
                }
            }
            return byGroup;
        }
    }

    /** Makes this worker's copies of lost partitions count as empty. */
    private static final class Yield implements IgniteRunnable {
        private static final long serialVersionUID = 1L;

        private final Map<String, Set<Integer>> partitions;

        @IgniteInstanceResource
        private transient Ignite ignite;

        Yield(Map<String, Set<Integer>> partitions) {
            this.partitions = partitions;
        }

        @Override
        public void run() {
            for (CacheGroupContext group : ((IgniteEx) ignite).context().cache().cacheGroups()) {
                Set<Integer> ids = partitions.getOrDefault(group.cacheOrGroupName(), Set.of());
                for (GridDhtLocalPartition partition : group.topology().currentLocalPartitions()) {
                    if (ids.contains(partition.id()) && partition.state() == GridDhtPartitionState.LOST) {
                        partition.resetUpdateCounter();
                    }
                }
            }
        }
    }
}
