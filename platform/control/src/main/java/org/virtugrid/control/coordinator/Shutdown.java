package org.virtugrid.control.coordinator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.VmRecord;

/**
 * Stops everything gracefully. What is wanted of each VM stays as it is, so the next start brings them back. Deactivating
 * first means that no member misses a value that another one still takes.
 */
final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
    private static final long DEACTIVATE_SECONDS = 30;
    private static final long SETTLE_MILLIS = 10_000;

    private final VmDriver driver;
    private final Grid grid;
    private final Coordinator coordinator;
    private final EventLog events;
    private final BooleanSupplier leads;
    private final Runnable last;
    private final AtomicBoolean begun = new AtomicBoolean();

    /** Runs {@code last} at the end, which ends this process. Touches no VM while this process does not lead. */
    Shutdown(
            VmDriver driver,
            Grid grid,
            Coordinator coordinator,
            EventLog events,
            BooleanSupplier leads,
            Runnable last) {
        this.driver = driver;
        this.grid = grid;
        this.coordinator = coordinator;
        this.events = events;
        this.leads = leads;
        this.last = last;
    }

    boolean begun() {
        return begun.get();
    }

    /** Begins, once; returns at once. Destroys the VMs too, with all that they hold, if that is asked for. */
    void begin(boolean destroy) {
        if (begun.compareAndSet(false, true)) {
            new Thread(() -> run(destroy), "shutdown").start();
        }
    }

    private void run(boolean destroy) {
        events.record("PLATFORM_STOPPING", "platform", "a user asked for that", Map.of());
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            coordinator.rest(SETTLE_MILLIS);
            if (grid.snapshot().active()) {
                await(threads.submit(grid::deactivate), DEACTIVATE_SECONDS, "deactivating the grid");
            }
            List<Future<?>> stops = new ArrayList<>();
            for (VmRecord vm : driver.list()) {
                stops.add(threads.submit(() -> end(vm, destroy)));
            }
            for (Future<?> stop : stops) {
                await(stop, 2 * ActionRunner.GRACE.toSeconds(), "stopping a VM");
            }
            events.record("PLATFORM_STOPPED", "platform", "all VMs are stopped", Map.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            threads.shutdownNow();
            last.run();
        }
    }

    private void end(VmRecord vm, boolean destroy) {
        if (!leads.getAsBoolean()) {
            LOG.warn("{} is left alone: another control process leads by now", vm.name());
        } else if (destroy) {
            driver.destroy(vm.id());
            events.record("VM_DESTROYED", vm.name(), "the whole grid is destroyed", Map.of("vmId", vm.id()));
        } else {
            driver.stop(vm.id(), ActionRunner.GRACE);
        }
    }

    private static void await(Future<?> work, long seconds, String what) throws InterruptedException {
        try {
            work.get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            work.cancel(true);
            LOG.warn("{} did not end well; the shutdown goes on: {}", what, e.toString());
        }
    }
}
