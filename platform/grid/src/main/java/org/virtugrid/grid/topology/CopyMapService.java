package org.virtugrid.grid.topology;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.configuration.CacheConfiguration;
import org.apache.ignite.lang.IgniteFuture;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.grid.topology.WorkerCopies.Held;

/** The copy map, asked of the workers each time. */
public final class CopyMapService implements CopyMap {
    private static final long ASK_MILLIS = 8_000;

    private final Ignite ignite;
    private final UnaryOperator<String> label;

    /**
     * The copy map of an active grid.
     *
     * @param label names a cache for users, such as "dataset NAME"
     */
    public CopyMapService(Ignite ignite, UnaryOperator<String> label) {
        this.ignite = ignite;
        this.label = label;
    }

    @Override
    public List<Holding> soleHoldings(Set<UUID> nodeIds) {
        return holdings(ask(true), nodeIds, true);
    }

    @Override
    public List<Holding> unreadableWithout(Set<UUID> nodeIds) {
        return unreadable(ask(true), nodeIds).entrySet().stream()
                .map(cache -> new Holding(labelOf(cache.getKey()), cache.getValue(), 0))
                .toList();
    }

    /** How many empty partitions of each dataset that has chunks the nodes alone own. Pure. */
    static Map<String, Integer> unreadable(Map<UUID, Held> all, Set<UUID> nodeIds) {
        Set<String> filled = entriesInside(all, all.keySet()).entrySet().stream()
                .filter(cache -> !cache.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        Map<String, Map<Integer, Integer>> others = copiesOutside(all, nodeIds);
        Map<String, Integer> alone = new TreeMap<>();
        all.forEach((node, held) -> held.whole().forEach((cache, partitions) -> {
            if (nodeIds.contains(node) && cache.startsWith(Caches.DATASET_PREFIX) && filled.contains(cache)) {
                Set<Integer> elsewhere = others.getOrDefault(cache, Map.of()).keySet();
                int count = (int) partitions.entrySet().stream()
                        .filter(partition -> partition.getValue() == 0 && !elsewhere.contains(partition.getKey()))
                        .count();
                if (count > 0) {
                    alone.merge(cache, count, Integer::sum);
                }
            }
        }));
        return alone;
    }

    @Override
    public Share shareOf(Set<UUID> nodeIds) {
        Map<UUID, Held> all = ask(true);
        return new Share(holdings(all, nodeIds, false), leastCopies(all, nodeIds));
    }

    /** What the nodes hold; alone, or at all. A partition without entries holds nothing that could be lost. */
    private List<Holding> holdings(Map<UUID, Held> all, Set<UUID> nodeIds, boolean alone) {
        Map<String, Map<Integer, Integer>> others = alone ? copiesOutside(all, nodeIds) : Map.of();
        List<Holding> holdings = new ArrayList<>();
        entriesInside(all, nodeIds).forEach((cache, sizes) -> {
            sizes.keySet().removeAll(others.getOrDefault(cache, Map.of()).keySet());
            if (!sizes.isEmpty()) {
                long entries = sizes.values().stream().mapToLong(size -> size).sum();
                holdings.add(new Holding(labelOf(cache), sizes.size(), entries));
            }
        });
        return holdings;
    }

    /** The fewest copies elsewhere of anything that the nodes hold; -1 when they hold nothing. Pure. */
    static int leastCopies(Map<UUID, Held> all, Set<UUID> nodeIds) {
        Map<String, Map<Integer, Integer>> others = copiesOutside(all, nodeIds);
        return entriesInside(all, nodeIds).entrySet().stream()
                .flatMap(cache -> cache.getValue().keySet().stream()
                        .map(partition ->
                                others.getOrDefault(cache.getKey(), Map.of()).getOrDefault(partition, 0)))
                .min(Integer::compare)
                .orElse(-1);
    }

    /** Entries by cache and partition, of partitions that have any. */
    private static Map<String, Map<Integer, Long>> entriesInside(Map<UUID, Held> all, Set<UUID> nodeIds) {
        Map<String, Map<Integer, Long>> inside = new TreeMap<>();
        all.forEach((node, held) -> held.whole().forEach((cache, partitions) -> {
            if (nodeIds.contains(node)) {
                Map<Integer, Long> sizes = inside.computeIfAbsent(cache, name -> new HashMap<>());
                partitions.forEach((partition, size) -> sizes.merge(partition, size, Long::max));
            }
        }));
        inside.values().forEach(sizes -> sizes.values().removeIf(size -> size == 0));
        return inside;
    }

    private static Map<String, Map<Integer, Integer>> copiesOutside(Map<UUID, Held> all, Set<UUID> nodeIds) {
        Map<String, Map<Integer, Integer>> outside = new HashMap<>();
        all.forEach((node, held) -> held.whole().forEach((cache, partitions) -> {
            if (!nodeIds.contains(node)) {
                Map<Integer, Integer> copies = outside.computeIfAbsent(cache, name -> new HashMap<>());
                partitions.keySet().forEach(partition -> copies.merge(partition, 1, Integer::sum));
            }
        }));
        return outside;
    }

    @Override
    public boolean complete() {
        return missingCopies() == 0;
    }

    @Override
    public int missingCopies() {
        Collection<Held> workersHold = ask(false).values();
        int workers = WorkerMajority.living(
                ignite.cluster().currentBaselineTopology(),
                ignite.cluster().forServers().nodes());
        int missing = 0;
        for (String name : ignite.cacheNames()) {
            CacheConfiguration<?, ?> configuration = configuration(name);
            if (!(configuration.getNodeFilter() instanceof WorkerFilter)) {
                continue;
            }
            missing += missingOf(name, Math.min(configuration.getBackups() + 1, workers), workersHold);
        }
        return missing;
    }

    /** Copies of a cache's partitions that are being made or should be. Pure. */
    static int missingOf(String cache, int wanted, Collection<Held> workers) {
        int[] whole = new int[SlotAffinity.PARTITIONS];
        int[] filling = new int[SlotAffinity.PARTITIONS];
        for (Held held : workers) {
            held.whole().getOrDefault(cache, Map.of()).keySet().forEach(partition -> whole[partition]++);
            held.filling().getOrDefault(cache, Set.of()).forEach(partition -> filling[partition]++);
        }
        int missing = 0;
        for (int partition = 0; partition < SlotAffinity.PARTITIONS; partition++) {
            missing += Math.max(wanted - whole[partition], filling[partition]);
        }
        return missing;
    }

    @SuppressWarnings("unchecked") // the interface wants a raw class
    private CacheConfiguration<?, ?> configuration(String cache) {
        return ignite.cache(cache).getConfiguration(CacheConfiguration.class);
    }

    /** The catalogue that knows the names may itself have lost something; that must not hide what else is lost. */
    private String labelOf(String cache) {
        try {
            return label.apply(cache);
        } catch (RuntimeException e) {
            return "cache " + cache;
        }
    }

    @Override
    public Set<String> lossyCaches() {
        Set<String> lossy = new HashSet<>();
        for (String name : ignite.cacheNames()) {
            if (!ignite.cache(name).lostPartitions().isEmpty()) {
                lossy.add(labelOf(name));
            }
        }
        return lossy;
    }

    private Map<UUID, Held> ask(boolean withSizes) {
        Map<ClusterNode, IgniteFuture<Held>> asked = new HashMap<>();
        Map<UUID, Held> answers = new HashMap<>();
        try {
            Collection<ClusterNode> workers = ignite.cluster()
                    .forServers()
                    .forAttribute(NodeAttributes.ROLE, NodeRole.WORKER.label())
                    .nodes();
            for (ClusterNode node : workers) {
                asked.put(
                        node,
                        ignite.compute(ignite.cluster().forNode(node))
                                .withNoFailover()
                                .callAsync(new WorkerCopies(withSizes)));
            }
            for (Map.Entry<ClusterNode, IgniteFuture<Held>> entry : asked.entrySet()) {
                answers.put(entry.getKey().id(), entry.getValue().get(ASK_MILLIS, TimeUnit.MILLISECONDS));
            }
            return answers;
        } catch (IgniteException e) {
            throw new GridException(
                    GridException.Kind.UNAVAILABLE,
                    null,
                    "the workers cannot tell now which copies they hold: " + e.getMessage(),
                    "see status, then try again",
                    e);
        }
    }
}
