package org.virtugrid.control.coordinator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmRecord;

/**
 * Looks, decides and acts, twice a second and whenever something happens. What it decided last is published as one
 * immutable snapshot.
 */
final class Coordinator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);
    private static final long PERIOD_MILLIS = 500;

    private final VmDriver driver;
    private final Grid grid;
    private final EventLog events;
    private final Reconciler reconciler;
    private final ActionRunner runner;
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread = new Thread(this::loop, "coordinator");
    private volatile Decision last = Decision.none();
    private volatile boolean resting;
    private volatile boolean closed;
    private Memory memory = Memory.FRESH;
    private long lastLook = System.nanoTime();

    Coordinator(VmDriver driver, Grid grid, EventLog events, Limits limits) {
        this.driver = driver;
        this.grid = grid;
        this.events = events;
        this.reconciler = new Reconciler(limits);
        this.runner = new ActionRunner(driver, grid, events, this::wake);
        thread.setDaemon(true);
    }

    void start() {
        driver.onExit(vmId -> wake());
        grid.onChange(this::wake);
        thread.start();
    }

    /** The last decision. */
    Decision last() {
        return last;
    }

    /** Looks again at once. */
    void wake() {
        wake.release();
    }

    /** Begins an action that an operator asked for; false when another one on the same VM is under way. */
    boolean run(Action action, String subject) {
        return runner.run(action, subject);
    }

    boolean busy(String vmId) {
        return runner.vmBusy(vmId);
    }

    /** Goes on looking but begins nothing any more; returns when what was begun has ended, or the time is up. */
    void rest(long atMostMillis) throws InterruptedException {
        resting = true;
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(atMostMillis);
        while (runner.anyBusy() && System.nanoTime() < end) {
            Thread.sleep(50);
        }
    }

    private void loop() {
        while (!closed) {
            try {
                look();
            } catch (RuntimeException e) {
                LOG.error("The coordinator could not decide; it tries again", e);
            }
            try {
                if (wake.tryAcquire(PERIOD_MILLIS, TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void look() {
        runner.interruptLate();
        boolean gridBusy = runner.gridBusy();
        List<VmRecord> records = driver.list();
        Map<String, Boolean> busy = new HashMap<>();
        records.forEach(vm -> busy.put(vm.id(), runner.vmBusy(vm.id())));
        // The order matters: first the grid, then the processes. See Observation.
        GridSnapshot snapshot = grid.snapshot();
        driver.look();
        List<VmObservation> vms = new ArrayList<>();
        for (VmRecord vm : driver.list()) {
            try {
                vms.add(new VmObservation(vm, driver.probe(vm.id()), busy.getOrDefault(vm.id(), true)));
            } catch (VmDriverException e) {
                LOG.debug("{} went away while we looked: {}", vm.name(), e.toString());
            }
        }
        long now = System.nanoTime();
        long paused = TimeUnit.NANOSECONDS.toMillis(now - lastLook) - PERIOD_MILLIS;
        lastLook = now;
        Decision decision = reconciler.decide(
                memory,
                new Observation(TimeUnit.NANOSECONDS.toMillis(now), vms, snapshot, gridBusy, Math.max(0, paused)));
        memory = decision.memory();
        last = decision;
        if (!resting) {
            decision.findings()
                    .forEach(news -> events.record(news.type(), news.subject(), news.cause(), news.evidence()));
            decision.actions().forEach(action -> runner.run(action, subject(action, records)));
        }
    }

    private static String subject(Action action, List<VmRecord> records) {
        String vmId = action instanceof Action.OnVm onVm
                ? onVm.vmId()
                : action instanceof Action.Expel expel ? expel.vmId() : null;
        return vmId == null
                ? "grid"
                : records.stream()
                        .filter(vm -> vm.id().equals(vmId))
                        .map(VmRecord::name)
                        .findFirst()
                        .orElse(vmId);
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        runner.close();
    }
}
