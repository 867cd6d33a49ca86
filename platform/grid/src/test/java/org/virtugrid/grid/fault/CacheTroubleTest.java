package org.virtugrid.grid.fault;

import static org.assertj.core.api.Assertions.assertThat;

import javax.cache.CacheException;
import org.apache.ignite.internal.processors.cache.CacheInvalidStateException;
import org.junit.jupiter.api.Test;

/** That Ignite really says these words is shown by the tests of whole grids that stop workers. */
class CacheTroubleTest {
    @Test
    void what_ignite_says_deep_down_becomes_a_remedy() {
        CacheException refused = new CacheException(
                "put failed",
                new CacheInvalidStateException(
                        "Failed to perform cache operation (cache topology is not valid): catalogue"));

        assertThat(CacheTrouble.of(refused)).hasValueSatisfying(trouble -> {
            assertThat(trouble).hasMessageContaining("takes no writes").hasCause(refused);
            assertThat(trouble.kind()).isEqualTo(GridException.Kind.UNAVAILABLE);
        });
        assertThat(CacheTrouble.of(new CacheInvalidStateException("Failed to execute the cache operation (all partition"
                        + " owners have left the grid, partition data has been lost) [cacheName=x]")))
                .hasValueSatisfying(trouble -> assertThat(trouble).hasMessageContaining("no copy"));
    }

    @Test
    void another_failure_is_left_as_it_is() {
        assertThat(CacheTrouble.of(new IllegalStateException("disk full"))).isEmpty();
        assertThat(CacheTrouble.of(new CacheException())).isEmpty();
    }
}
