package org.virtugrid.grid.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LostPartitionsTest {
    @Test
    void whoBeganWithLessYieldsAndEqualsStay() {
        Map<String, Map<String, Map<Integer, Long>>> begun = Map.of(
                "came back", Map.of("d", Map.of(1, 7L, 2, 5L), "e", Map.of(1, 3L)),
                "was being filled", Map.of("d", Map.of(1, 0L)),
                "came back, too", Map.of("d", Map.of(2, 5L), "e", Map.of(1, 2L)));

        assertThat(LostPartitions.yielding(begun))
                .isEqualTo(
                        Map.of("was being filled", Map.of("d", Set.of(1)), "came back, too", Map.of("e", Set.of(1))));
    }

    @Test
    void nobodyYieldsWhereNothingIsKnown() {
        assertThat(LostPartitions.yielding(Map.of("a", Map.of()))).isEmpty();
    }
}
