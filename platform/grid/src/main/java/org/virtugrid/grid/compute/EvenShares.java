package org.virtugrid.grid.compute;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Chooses who does which part, where a part can be done by each of a few holders, so that none has much more than others. */
final class EvenShares {
    private EvenShares() {}

    /**
     * A holder for each part. Begins with the first of each part and moves parts one by one from the one who has most to another
     * of their holders, as long as that makes the larger share of the two smaller: local search, for the smallest
     * longest share. Deterministic for the same order of entries.
     *
     * @param holders who can do each part, the preferred one first; at least one each
     * @param weights how much work each part is; 0 for those that are left out
     */
    static <N> Map<Integer, N> of(Map<Integer, List<N>> holders, Map<Integer, Long> weights) {
        Map<Integer, N> chosen = new HashMap<>();
        Map<N, Long> load = new HashMap<>();
        holders.forEach((part, nodes) -> {
            chosen.put(part, nodes.get(0));
            nodes.forEach(node -> load.putIfAbsent(node, 0L));
            load.merge(nodes.get(0), weights.getOrDefault(part, 0L), Long::sum);
        });
        for (int moves = 0; moves < holders.size(); moves++) {
            if (!relieveOne(holders, weights, chosen, load)) {
                break;
            }
        }
        return chosen;
    }

    private static <N> boolean relieveOne(
            Map<Integer, List<N>> holders, Map<Integer, Long> weights, Map<Integer, N> chosen, Map<N, Long> load) {
        N from = null;
        for (Map.Entry<N, Long> entry : load.entrySet()) {
            if (from == null || entry.getValue() > load.get(from)) {
                from = entry.getKey();
            }
        }
        if (from == null) {
            return false;
        }
        long least = load.get(from);
        int part = -1;
        N to = null;
        for (Map.Entry<Integer, List<N>> entry : holders.entrySet()) {
            long weight = weights.getOrDefault(entry.getKey(), 0L);
            if (!chosen.get(entry.getKey()).equals(from) || weight == 0) {
                continue;
            }
            for (N other : entry.getValue()) {
                long larger = Math.max(load.get(from) - weight, load.get(other) + weight);
                if (!other.equals(from) && larger < least) {
                    least = larger;
                    part = entry.getKey();
                    to = other;
                }
            }
        }
        if (to == null) {
            return false;
        }
        long weight = weights.get(part);
        load.merge(from, -weight, Long::sum);
        load.merge(to, weight, Long::sum);
        chosen.put(part, to);
        return true;
    }
}
