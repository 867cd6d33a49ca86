package org.virtugrid.control.coordinator;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.api.VmState;
import org.virtugrid.control.vm.SnapshotPlan;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmSnapshot;
import org.virtugrid.control.vm.VmSnapshots;

/**
 * Takes snapshots of all VMs by a plan, one VM after another, and removes those that are too many. What is there says when
 * the next one is due, so a restart of control changes nothing. Only the control process that leads does anything.
 */
final class SnapshotSchedule implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotSchedule.class);
    private static final long LOOK_SECONDS = 20;

    private final VmDriver driver;
    private final Coordinator coordinator;
    private final Leadership leadership;
    private final ManagedSnapshots managed;
    private final EventLog events;
    private final Clock clock;
    private final Map<String, String> failures = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "snapshot-schedule");
        made.setDaemon(true);
        return made;
    });

    SnapshotSchedule(
            VmDriver driver,
            Coordinator coordinator,
            Leadership leadership,
            ManagedSnapshots managed,
            EventLog events,
            Clock clock) {
        this.driver = driver;
        this.coordinator = coordinator;
        this.leadership = leadership;
        this.managed = managed;
        this.events = events;
        this.clock = clock;
    }

    /** Begins, if the driver has a plan. */
    void start() {
        driver.snapshots()
                .flatMap(VmSnapshots::plan)
                .ifPresent(plan -> thread.scheduleWithFixedDelay(
                        () -> follow(plan), LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS));
    }

    /** One round. */
    void follow(SnapshotPlan plan) {
        for (VmRecord vm : driver.list()) {
            Decision.VmStatus status = coordinator.last().vms().get(vm.id());
            if (leadership.term().isPresent() && status != null && status.state() == VmState.READY) {
                follow(plan, vm);
            }
        }
    }

    private void follow(SnapshotPlan plan, VmRecord vm) {
        try {
            VmSnapshots snapshots = driver.snapshots().orElseThrow();
            List<VmSnapshot> there = snapshots.list(vm.id());
            if (plan.due(there, clock.instant())) {
                managed.takeScheduled(vm);
                there = snapshots.list(vm.id());
            }
            plan.surplus(there)
                    .forEach(
                            one -> managed.remove(vm, one.name(), "the schedule keeps " + plan.keep() + " of each VM"));
            failures.remove(vm.id());
        } catch (RuntimeException e) {
            // A failure that lasts is told once
            String message = String.valueOf(e.getMessage());
            if (!message.equals(failures.put(vm.id(), message))) {
                LOG.warn("The schedule of snapshots could not be kept for {}", vm.name(), e);
                events.record("VM_SNAPSHOT_FAILED", vm.name(), message, Map.of("vmId", vm.id()));
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
