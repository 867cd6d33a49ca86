package org.virtugrid.grid.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.internal.IgniteEx;
import org.apache.ignite.internal.processors.cache.GridCachePartitionExchangeManager;
import org.apache.ignite.transactions.Transaction;
import org.apache.ignite.transactions.TransactionConcurrency;
import org.apache.ignite.transactions.TransactionIsolation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.virtugrid.grid.TestGrid;
import org.virtugrid.grid.topology.Caches;

/** A worker that comes while the grid is held up in settling that another one has left. */
class JoinGateTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void aWorkerIsKeptOutUntilTheLossOfAnotherIsSettled() throws Exception {
        try (TestGrid grid = new TestGrid(folder, 3)) {
            Ignite control = grid.control();
            grid.stopWorker(3);
            awaitSettled(control);

            // An exchange that cannot end before this transaction does, and behind it, the one of the loss
            CompletableFuture<Void> made;
            Transaction open = control.transactions()
                    .txStart(TransactionConcurrency.PESSIMISTIC, TransactionIsolation.REPEATABLE_READ);
            try (open) {
                IgniteCache<String, Object> catalogue = control.cache(Caches.DATASETS);
                catalogue.get(keyOf(control, grid.workers().get(0).cluster().localNode()));
                made = CompletableFuture.runAsync(() -> control.getOrCreateCache("held-up"));
                await(() -> !exchange(control).lastTopologyFuture().isDone());
                grid.stopWorker(2);
                assertThatThrownBy(() -> grid.startWorker(3))
                        .hasStackTraceContaining("The grid is still finding out what it lost with worker w2");
            }
            made.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
            awaitSettled(control);
            grid.startWorker(3);
            assertThat(control.cluster().forServers().nodes()).hasSize(3);
        }
    }

    private static String keyOf(Ignite control, ClusterNode primary) {
        return IntStream.range(0, 10_000)
                .mapToObj(number -> "key-" + number)
                .filter(key -> control.affinity(Caches.DATASETS).isPrimary(primary, key))
                .findFirst()
                .orElseThrow();
    }

    private static GridCachePartitionExchangeManager<?, ?> exchange(Ignite ignite) {
        return ((IgniteEx) ignite).context().cache().context().exchange();
    }

    /** Waits until the grid serves with whom it has. */
    private static void awaitSettled(Ignite control) throws InterruptedException {
        await(() -> JoinGate.unsettledLoss(((IgniteEx) control).context()).isEmpty());
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(20);
        }
    }
}
