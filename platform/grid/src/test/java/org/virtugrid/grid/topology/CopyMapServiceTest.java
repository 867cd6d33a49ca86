package org.virtugrid.grid.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
}
