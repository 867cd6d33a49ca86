package org.virtugrid.control.coordinator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmProbe;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.grid.topology.Caches;

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
    private final Leadership leadership;
    private final Reconciler reconciler;
    private final ActionRunner runner;
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread = new Thread(this::loop, "coordinator");
    private volatile Decision last = Decision.none();
    private volatile boolean resting;
    private volatile boolean closed;
    private Memory memory = Memory.FRESH;
    private final LongSupplier nanoTime;
    private long lastLook;
    private long lastTerm;

    Coordinator(VmDriver driver, Grid grid, EventLog events, Leadership leadership, Limits limits) {
        this(driver, grid, events, leadership, new Reconciler(limits), System::nanoTime, ThreadLanes::new);
    }

    /** With another clock and other lanes, which are given what to call after each piece of work. */
    Coordinator(
            VmDriver driver,
            Grid grid,
            EventLog events,
            Leadership leadership,
            Reconciler reconciler,
            LongSupplier nanoTime,
            Function<Runnable, Lanes> lanes) {
        this.driver = driver;
        this.grid = grid;
        this.events = events;
        this.leadership = leadership;
        this.reconciler = reconciler;
        this.nanoTime = nanoTime;
        this.lastLook = nanoTime.getAsLong();
        this.runner = new ActionRunner(driver, grid, events, leadership, lanes.apply(this::wake));
        thread.setDaemon(true);
    }

    void start() {
        driver.onExit(vmId -> wake());
        grid.onChange(this::wake);
        leadership.onChange(this::wake);
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

    /**
     * Begins an action that an operator asked for; false when another one on the same VM is under way. Fails with
     * UNAVAILABLE while another control process leads.
     */
    boolean run(Action action, String subject) {
        return runner.run(action, subject, requireTerm());
    }

    /** See {@link ActionRunner#runOnVm}. */
    boolean runOnVm(String vmId, Duration deadline, Runnable work) {
        return runner.runOnVm(vmId, deadline, work);
    }

    /** Fails with UNAVAILABLE when another process has led since that term began; may block for a second. */
    void requireTerm(long term) {
        if (!leadership.holds(term)) {
            throw GridException.unavailable(
                    "another control node has taken over meanwhile", "look what became of it, and ask that one");
        }
    }

    /** The term under which this process leads. Fails with UNAVAILABLE while another one does. May block for a second. */
    long requireTerm() {
        OptionalLong term = leadership.term();
        // One that was frozen or cut off may not know yet that another one leads
        if (term.isEmpty() || !leadership.holds(term.getAsLong())) {
            throw GridException.unavailable(
                    "this control node does not lead, so it changes nothing",
                    "ask the one that leads (`virtugrid status` names it), or try again in some seconds");
        }
        return term.getAsLong();
    }

    /** What the action failed with when it was tried last; empty when it did not fail. */
    Optional<String> failureOf(Action action, String subject) {
        return runner.failureOf(action, subject);
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

    /** Looks, decides, and begins what was decided; on one thread at a time. */
    void look() {
        runner.interruptLate();
        // Before anything is seen: what is seen under an older term may have been changed by another leader since
        OptionalLong term = leadership.term();
        if (term.isEmpty() || term.getAsLong() != lastTerm) {
            driver.reload(term.isPresent());
            lastTerm = term.orElse(0);
        }
        boolean gridBusy = runner.gridBusy();
        List<VmRecord> records = driver.list();
        Map<String, Boolean> busy = new HashMap<>();
        records.forEach(vm -> busy.put(vm.id(), runner.vmBusy(vm.id())));
        // The order matters: first the grid, then the processes. See Observation.
        GridSnapshot snapshot = grid.snapshot();
        driver.look();
        List<VmObservation> vms = new ArrayList<>();
        // Only with a suspect VM does it matter which others come back by themselves; finding out reads files
        boolean askBehind = !snapshot.active() && records.stream().anyMatch(VmRecord::suspect);
        for (VmRecord vm : driver.list()) {
            try {
                VmProbe probe = driver.probe(vm.id());
                boolean behind = askBehind && probe.gone() && driver.isBehind(vm.id());
                vms.add(new VmObservation(vm, probe, busy.getOrDefault(vm.id(), true), behind));
            } catch (VmDriverException e) {
                LOG.debug("{} went away while we looked: {}", vm.name(), e.toString());
            }
        }
        long now = nanoTime.getAsLong();
        long paused = TimeUnit.NANOSECONDS.toMillis(now - lastLook) - PERIOD_MILLIS;
        lastLook = now;
        Decision decision = reconciler.decide(
                memory,
                new Observation(
                        TimeUnit.NANOSECONDS.toMillis(now),
                        vms,
                        snapshot,
                        gridBusy,
                        Math.max(0, paused),
                        driver.hosts()));
        memory = term.isPresent() ? decision.memory() : decision.memory().watching(memory);
        last = decision;
        // The leader makes users and caches; what is left to do then is this node's own
        if (!resting && term.isEmpty() && grid.caches().orElse(Set.of()).contains(Caches.TASKS)) {
            decision.actions().stream()
                    .filter(Action.Prepare.class::isInstance)
                    .forEach(action -> runner.run(action, subject(action, records), 0));
        }
        if (!resting && term.isPresent()) {
            decision.findings()
                    .forEach(news -> events.record(news.type(), news.subject(), news.cause(), news.evidence()));
            decision.actions().forEach(action -> runner.run(action, subject(action, records), term.getAsLong()));
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
