package org.virtugrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Mistyped words find what was meant. */
class SuggestionsTest {
    @Test
    void aDistanceCountsSwappedNeighboursOnce() {
        assertThat(Suggestions.distance("status", "stauts")).isEqualTo(1);
        assertThat(Suggestions.distance("list", "lst")).isEqualTo(1);
        assertThat(Suggestions.distance("", "abc")).isEqualTo(3);
    }
}
