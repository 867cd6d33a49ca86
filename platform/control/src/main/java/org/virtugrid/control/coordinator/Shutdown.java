package org.virtugrid.control.coordinator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.coordinator.ShutdownReport.Outcome;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmHost;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.grid.fault.GridException;

/**
 * Stops everything gracefully. What is wanted of each VM stays as it is, so the next start brings them back. Deactivating
 * first means that no member misses a value that another one still takes. What could not be stopped is reported.
 */
final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
    private static final long DEACTIVATE_SECONDS = 30;
    private static final long SETTLE_MILLIS = 10_000;

    private final VmDriver driver;
    private final Grid grid;
    private final Coordinator coordinator;
    private final EventLog events;
    private final ControlNodes nodes;
    private final ShutdownReport report;
    private final Consumer<Outcome> last;
    private final AtomicBoolean begun = new AtomicBoolean();

    /** Runs {@code last} at the end, which ends this process. Touches no VM while this process does not lead. */
    Shutdown(
            VmDriver driver,
            Grid grid,
            Coordinator coordinator,
            EventLog events,
            ControlNodes nodes,
            ShutdownReport report,
            Consumer<Outcome> last) {
        this.driver = driver;
        this.grid = grid;
        this.coordinator = coordinator;
        this.events = events;
        this.nodes = nodes;
        this.report = report;
        this.last = last;
    }

    boolean begun() {
        return begun.get();
    }

    /**
     * Begins, once; returns at once. Destroys the VMs too, with all that they hold, if that is asked for: UNAVAILABLE when a
     * host does not answer that has some of them, and then nothing has begun.
     */
    void begin(boolean destroy) {
        if (begun()) {
            return;
        }
        if (destroy && nodes.leading()) {
            driver.look();
            requireAnswers(driver.list(), driver.hosts());
        }
        report.remove();
        if (begun.compareAndSet(false, true)) {
            new Thread(() -> run(destroy), "shutdown").start();
        }
    }

    /** Fails with UNAVAILABLE when VMs are on a host that does not answer. */
    static void requireAnswers(List<VmRecord> vms, List<VmHost> hosts) {
        for (VmHost host : hosts) {
            List<String> there = vms.stream()
                    .filter(vm -> host.name().equals(vm.host()))
                    .map(VmRecord::name)
                    .toList();
            if (host.failure() != null && !there.isEmpty()) {
                throw GridException.unavailable(
                        "what " + String.join(", ", there) + " has on host " + host.name()
                                + " would stay there, since it does not answer: " + host.failure(),
                        "bring the host back and try again; or, if it is gone for good, take it out of control.yaml, run"
                                + " virtugrid down and virtugrid up, and try again; nothing was destroyed");
            }
        }
    }

    private void run(boolean destroy) {
        events.record("PLATFORM_STOPPING", "platform", "a user asked for that", Map.of());
        ExecutorService threads = Executors.newCachedThreadPool();
        Outcome outcome = Outcome.INCOMPLETE;
        try {
            coordinator.rest(SETTLE_MILLIS);
            if (grid.snapshot().active()) {
                await(threads.submit(grid::deactivate), DEACTIVATE_SECONDS)
                        .ifPresent(why -> LOG.warn("Deactivating the grid did not end well: {}", why));
            }
            List<ShutdownReport.Left> left = endAll(threads, destroy);
            outcome = left.isEmpty() ? destroy ? Outcome.DESTROYED : Outcome.STOPPED : Outcome.INCOMPLETE;
            report.write(outcome, left);
            events.record(
                    "PLATFORM_STOPPED",
                    "platform",
                    left.isEmpty() ? "all VMs are stopped" : ShutdownReport.names(left) + " could not be stopped",
                    Map.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            threads.shutdownNow();
            last.accept(outcome);
        }
    }

    private List<ShutdownReport.Left> endAll(ExecutorService threads, boolean destroy) throws InterruptedException {
        Map<VmRecord, Future<?>> ends = new LinkedHashMap<>();
        if (nodes.leading() || nodes.leader().isEmpty()) {
            driver.list().forEach(vm -> ends.put(vm, threads.submit(() -> end(vm, destroy))));
        } else {
            LOG.info("Its VMs are left alone: another control process leads");
        }
        List<ShutdownReport.Left> left = new ArrayList<>();
        for (Map.Entry<VmRecord, Future<?>> end : ends.entrySet()) {
            VmRecord vm = end.getKey();
            await(end.getValue(), 2 * ActionRunner.GRACE.toSeconds()).ifPresent(why -> {
                LOG.warn("{} could not be stopped; the shutdown goes on: {}", vm.name(), why);
                left.add(new ShutdownReport.Left(vm.name(), vm.host(), why));
            });
        }
        return left;
    }

    private void end(VmRecord vm, boolean destroy) {
        if (!nodes.leading()) {
            throw new VmDriverException(
                    VmDriverException.Kind.FAILED, "this control node does not lead, so it may not touch it");
        }
        if (destroy) {
            driver.destroy(vm.id());
            events.record("VM_DESTROYED", vm.name(), "the whole grid is destroyed", Map.of("vmId", vm.id()));
        } else {
            driver.stop(vm.id(), ActionRunner.GRACE);
        }
    }

    /** Why the work did not end well, empty when it did. */
    private static Optional<String> await(Future<?> work, long seconds) throws InterruptedException {
        try {
            work.get(seconds, TimeUnit.SECONDS);
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(String.valueOf(
                    e.getCause().getMessage() == null
                            ? e.getCause()
                            : e.getCause().getMessage()));
        } catch (TimeoutException e) {
            work.cancel(true);
            return Optional.of("not within " + seconds + " s");
        }
    }
}
