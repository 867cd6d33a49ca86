package org.virtugrid.grid.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.virtugrid.grid.topology.WorkerCopies.Held;

class CopyMapServiceTest {
    private static final String CACHE = "data";

    private static Held held(int from, int to, Integer... filling) {
        Map<Integer, Long> whole = new HashMap<>();
        for (int partition = from; partition < to; partition++) {
            whole.put(partition, 0L);
        }
        return new Held(Map.of(CACHE, whole), Map.of(CACHE, Set.of(filling)));
    }

    @Test
    void completeWhenEveryPartitionHasItsCopies() {
        int all = SlotAffinity.PARTITIONS;
        assertThat(CopyMapService.missingOf(CACHE, 2, List.of(held(0, all), held(0, all))))
                .isZero();
    }

    @Test
    void aCopyTooManyOfOnePartitionDoesNotMakeUpForOneOfAnother() {
        int all = SlotAffinity.PARTITIONS;
        assertThat(CopyMapService.missingOf(CACHE, 2, List.of(held(0, all), held(0, all - 3), held(0, 3))))
                .isEqualTo(3);
    }

    @Test
    void copiesThatAreBeingMadeCountOnce() {
        int all = SlotAffinity.PARTITIONS;
        assertThat(CopyMapService.missingOf(CACHE, 2, List.of(held(0, all), held(0, all - 1), held(0, 0, all - 1, 5))))
                .isEqualTo(2);
    }

    @Test
    void aCacheThatNobodyHoldsIsMissingAltogether() {
        assertThat(CopyMapService.missingOf("other", 1, List.of(held(0, 5)))).isEqualTo(SlotAffinity.PARTITIONS);
    }

    @Test
    void a_dataset_is_unreadable_without_the_only_owner_of_empty_partitions() {
        UUID full = new UUID(0, 1);
        UUID empty = new UUID(0, 2);
        Map<UUID, Held> all = Map.of(
                full, new Held(Map.of("dataset-a", Map.of(0, 7L, 1, 0L), "other", Map.of(0, 1L)), Map.of()),
                empty, new Held(Map.of("dataset-a", Map.of(1, 0L, 2, 0L, 3, 0L), "other", Map.of(1, 0L)), Map.of()));

        assertThat(CopyMapService.unreadable(all, Set.of(empty))).containsExactly(Map.entry("dataset-a", 2));
        assertThat(CopyMapService.unreadable(all, Set.of(full))).isEmpty();
        assertThat(CopyMapService.unreadable(
                        Map.of(empty, new Held(Map.of("dataset-b", Map.of(2, 0L)), Map.of())), Set.of(empty)))
                .isEmpty();
    }
}
