package org.virtugrid.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.internal.IgniteEx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.virtugrid.grid.topology.Caches;
import org.virtugrid.grid.topology.CopyMapService;

/** Copies that nobody makes, as after deaths in quick succession; here because rebalancing was off when the topology changed. */
class StalledCopiesTest {
    private static final Duration DEADLINE = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    private TestGrid grid;

    @BeforeEach
    void start() throws IOException {
        grid = new TestGrid(folder, 3);
    }

    @AfterEach
    void stop() {
        grid.close();
    }

    @Test
    void what_nobody_sends_is_asked_for_again() {
        Ignite control = grid.control();
        IgniteCache<Long, byte[]> cache = control.getOrCreateCache(Caches.dataset("virtugrid-a", 1));
        for (long key = 0; key < 500; key++) {
            cache.put(key, new byte[100]);
        }
        await().atMost(DEADLINE).until(this::complete);
        rebalancing(false);
        grid.stopWorker(3);
        control.cluster().setBaselineTopology(control.cluster().topologyVersion());
        assertThat(complete()).isFalse();

        // Ignite does not ask by itself when it may again
        rebalancing(true);

        await().atMost(DEADLINE).until(this::complete);
    }

    private void rebalancing(boolean enabled) {
        grid.workers().stream().filter(IgniteEx.class::isInstance).forEach(worker -> ((IgniteEx) worker)
                .rebalanceEnabled(enabled));
    }

    private boolean complete() {
        return new CopyMapService(grid.control(), name -> name).complete();
    }
}
