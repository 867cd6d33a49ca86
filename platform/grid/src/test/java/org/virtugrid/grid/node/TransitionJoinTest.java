package org.virtugrid.grid.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.internal.IgniteEx;
import org.apache.ignite.transactions.Transaction;
import org.apache.ignite.transactions.TransactionConcurrency;
import org.apache.ignite.transactions.TransactionIsolation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.virtugrid.grid.TestGrid;
import org.virtugrid.grid.topology.Caches;

/** A worker that comes while the baseline is being set. */
class TransitionJoinTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    /** A node that waits for ever cannot be closed either, so the whole test has a deadline of its own. */
    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void a_worker_that_joins_while_the_baseline_changes_takes_part_in_the_grid_like_any_other() throws Exception {
        try (TestGrid grid = new TestGrid(folder, 3)) {
            Ignite control = grid.control();
            grid.stopWorker(3);
            await().atMost(DEADLINE).until(() -> JoinGate.unsettledLoss(((IgniteEx) control).context())
                    .isEmpty());

            CompletableFuture<Void> set;
            CompletableFuture<Void> started;
            // The change of the baseline cannot end before this transaction does
            Transaction open = control.transactions()
                    .txStart(TransactionConcurrency.PESSIMISTIC, TransactionIsolation.REPEATABLE_READ);
            try (open) {
                IgniteCache<String, Object> catalogue = control.cache(Caches.DATASETS);
                catalogue.get("any");
                set = CompletableFuture.runAsync(() ->
                        control.cluster().setBaselineTopology(control.cluster().topologyVersion()));
                await().atMost(DEADLINE).until(() -> isChanging(control));
                started = CompletableFuture.runAsync(() -> start(grid));
                await().atMost(DEADLINE)
                        .until(() -> control.cluster().forServers().nodes().size() == 4);
                assertThat(isChanging(control)).isTrue();
            }
            set.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
            started.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);

            Ignite late = grid.workers().get(2);
            assertThat(CompletableFuture.supplyAsync(() -> late.compute().call(() -> "done"))
                            .get(DEADLINE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo("done");
            assertThat(CompletableFuture.supplyAsync(() ->
                                    late.atomicLong("of-this-test", 41, true).incrementAndGet())
                            .get(DEADLINE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(42);
        }
    }

    private static boolean isChanging(Ignite ignite) {
        return ((IgniteEx) ignite).context().state().clusterState().transition();
    }

    private static void start(TestGrid grid) {
        try {
            grid.startWorker(3);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
