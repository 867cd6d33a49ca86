package org.virtugrid.grid.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EvenSharesTest {
    private static Map<String, Long> loads(Map<Integer, String> chosen, Map<Integer, Long> weights) {
        Map<String, Long> loads = new HashMap<>();
        chosen.forEach((part, node) -> loads.merge(node, weights.getOrDefault(part, 0L), Long::sum));
        return loads;
    }

    @Test
    void workGoesOverToAnotherHolderUntilSharesAreEven() {
        Map<Integer, List<String>> holders = new TreeMap<>();
        Map<Integer, Long> weights = new HashMap<>();
        for (int part = 0; part < 10; part++) {
            holders.put(part, List.of("a", "b"));
            weights.put(part, 3L);
        }
        assertThat(loads(EvenShares.of(holders, weights), weights)).isEqualTo(Map.of("a", 15L, "b", 15L));
    }

    @Test
    void aPartStaysWithItsOnlyHolder() {
        Map<Integer, List<String>> holders = Map.of(1, List.of("a"), 2, List.of("a"), 3, List.of("b", "a"));
        assertThat(EvenShares.of(new TreeMap<>(holders), Map.of(1, 5L, 2, 5L, 3, 1L)))
                .isEqualTo(Map.of(1, "a", 2, "a", 3, "b"));
    }

    @Test
    void partsWithoutAWeightStayWhereTheyAre() {
        assertThat(EvenShares.of(Map.of(1, List.of("a", "b"), 2, List.of("a", "b")), Map.of()))
                .isEqualTo(Map.of(1, "a", 2, "a"));
        assertThat(EvenShares.of(Map.<Integer, List<String>>of(), Map.of())).isEmpty();
    }

    @Test
    void anyWorkIsSpreadOverAnyHoldersWithoutLosingAPart() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            int nodes = 2 + random.nextInt(8);
            Map<Integer, List<String>> holders = new TreeMap<>();
            Map<Integer, Long> weights = new HashMap<>();
            long heaviest = 0;
            for (int part = 0; part < 64 * nodes; part++) {
                List<String> all = new ArrayList<>();
                for (int node = 0; node < nodes; node++) {
                    all.add("n" + node);
                }
                Collections.shuffle(all, random);
                holders.put(part, all.subList(0, 2));
                weights.put(part, (long) random.nextInt(1000));
                heaviest = Math.max(heaviest, weights.get(part));
            }
            Map<Integer, String> chosen = EvenShares.of(holders, weights);
            assertThat(chosen.keySet()).isEqualTo(holders.keySet());
            chosen.forEach((part, node) -> assertThat(holders.get(part)).contains(node));
            Map<String, Long> loads = loads(chosen, weights);
            long even = loads.values().stream().mapToLong(Long::longValue).sum() / nodes;
            assertThat(Collections.max(loads.values()))
                    .as("largest share of seed %d", seed)
                    .isLessThanOrEqualTo(even + heaviest);
        }
    }
}
