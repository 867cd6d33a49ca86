package org.virtugrid.grid.topology;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.apache.ignite.internal.IgniteEx;
import org.apache.ignite.internal.processors.cache.CacheGroupContext;
import org.apache.ignite.internal.processors.cache.distributed.dht.topology.GridDhtPartitionState;
import org.apache.ignite.internal.processors.metric.impl.MetricUtils;
import org.apache.ignite.spi.metric.LongMetric;
import org.apache.ignite.spi.metric.Metric;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks again for copies that this worker should be getting and is not.
 *
 * <p>Ignite asks the others for what a node lacks once after each change of the topology. In a grid of guests that died and
 * came back in quick succession that question was lost: partitions stayed half made, nobody sent anything, and nothing but
 * another change would have mended it. In another grid the question was never answered. To be looked at every some seconds, by
 * one thread at a time.
 */
public final class StalledCopies {
    private static final Logger LOG = LoggerFactory.getLogger(StalledCopies.class);

    /** So often nothing may have come, at one look each, while Ignite believes that a transfer goes on. */
    private static final int PATIENT_LOOKS = 3;

    private static final String RECEIVED = "RebalancingReceivedBytes";

    private final IgniteEx ignite;
    private Waiting before = Waiting.NOTHING;
    private int looks;

    /**
     * What this node waits for.
     *
     * @param partitions half-made copies, by cache
     * @param received bytes that the others have sent so far, of all caches: they send one cache after another
     * @param asked Ignite believes that some of it is on its way
     */
    private record Waiting(Map<String, Set<Integer>> partitions, long received, boolean asked) {
        static final Waiting NOTHING = new Waiting(Map.of(), 0, false);
    }

    /** Looks after the copies of one node. */
    public StalledCopies(Ignite ignite) {
        this.ignite = (IgniteEx) ignite;
    }

    /**
     * Asks again for half-made copies when nothing at all has come since the last look; where Ignite still waits for an answer,
     * when nothing has come for several looks. Asking begins all transfers anew, so never while one goes on.
     */
    public void look() {
        try {
            lookNow();
        } catch (IgniteException | IllegalStateException e) {
            LOG.debug("The node is starting or stopping: {}", e.toString());
        }
    }

    private void lookNow() {
        List<CacheGroupContext> groups = groups();
        Waiting now = waiting(groups);
        looks = !now.partitions().isEmpty() && now.equals(before) ? looks + 1 : 0;
        before = now;
        if (looks >= (now.asked() ? PATIENT_LOOKS : 1)) {
            looks = 0;
            groups.stream()
                    .filter(group -> now.partitions().containsKey(group.cacheOrGroupName()))
                    .forEach(group -> askAgain(group, now));
        }
    }

    private static void askAgain(CacheGroupContext group, Waiting now) {
        LOG.warn(
                "Nobody fills partitions {} of {}{}; asking for them again",
                now.partitions().get(group.cacheOrGroupName()),
                group.cacheOrGroupName(),
                now.asked() ? ", although they were asked for" : "");
        group.preloader().forceRebalance();
    }

    /** Caches with copies here; none while it is being agreed who has which. */
    private List<CacheGroupContext> groups() {
        var exchange = ignite.context().cache().context().exchange();
        boolean agreed = exchange.lastTopologyFuture() != null
                && exchange.lastTopologyFuture().isDone();
        return agreed
                ? ignite.context().cache().cacheGroups().stream()
                        .filter(group -> !group.systemCache() && group.affinityNode())
                        .toList()
                : List.of();
    }

    private Waiting waiting(List<CacheGroupContext> groups) {
        Map<String, Set<Integer>> partitions = new HashMap<>();
        long received = 0;
        boolean asked = false;
        for (CacheGroupContext group : groups) {
            Set<Integer> moving = moving(group);
            if (!moving.isEmpty()) {
                partitions.put(group.cacheOrGroupName(), moving);
                asked |= !group.preloader().rebalanceFuture().isDone();
            }
            received += received(group);
        }
        return new Waiting(partitions, received, asked);
    }

    private static Set<Integer> moving(CacheGroupContext group) {
        Set<Integer> moving = new HashSet<>();
        group.topology().currentLocalPartitions().forEach(partition -> {
            if (partition.state() == GridDhtPartitionState.MOVING) {
                moving.add(partition.id());
            }
        });
        return moving;
    }

    private long received(CacheGroupContext group) {
        Metric received = ignite.context()
                .metric()
                .registry(MetricUtils.cacheGroupMetricsRegistryName(group.cacheOrGroupName()))
                .findMetric(RECEIVED);
        return received instanceof LongMetric bytes ? bytes.value() : 0;
    }
}
