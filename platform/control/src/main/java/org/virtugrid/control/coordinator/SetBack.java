package org.virtugrid.control.coordinator;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmSnapshot;
import org.virtugrid.grid.fault.GridException;

/** Sets a VM's disk back to a snapshot so that nobody takes what is old for the newest; see {@link SnapshotRules}. */
final class SetBack {
    private static final Duration LEFT_DEADLINE = Duration.ofSeconds(40);

    private final VmDriver driver;
    private final Grid grid;
    private final Coordinator coordinator;
    private final EventLog events;

    SetBack(VmDriver driver, Grid grid, Coordinator coordinator, EventLog events) {
        this.driver = driver;
        this.grid = grid;
        this.coordinator = coordinator;
        this.events = events;
    }

    /** Fails with REFUSED or UNAVAILABLE where the disk of then cannot be used any more. */
    void refuse(VmRecord vm, VmSnapshot snapshot) {
        if (vm.suspect()) {
            throw GridException.unavailable(
                    vm.name() + "'s database is under suspicion and about to be emptied", "wait until it is READY");
        }
        SnapshotRules.obstacle(snapshot, caches()).ifPresent(obstacle -> {
            throw GridException.refused(
                    vm.name() + " cannot go back to " + snapshot.name() + ": " + obstacle,
                    "delete the snapshot; what the others have, the VM gets from them anyway");
        });
    }

    /** The names of all caches of the grid; fails with UNAVAILABLE when they cannot be known. */
    Set<String> caches() {
        return grid.caches()
                .orElseThrow(() -> GridException.unavailable(
                        "the grid is not active, so it cannot be told what the disk holds",
                        "wait until `virtugrid status` says READY"));
    }

    /** In the VM's lane. Dying anywhere here leaves a VM that the coordinator starts as it is, or empties first. */
    void carryOut(VmRecord vm, VmSnapshot snapshot, long term) {
        driver.stop(vm.id(), ActionRunner.GRACE);
        Waiting.until(
                LEFT_DEADLINE, () -> SnapshotRules.counted(grid.snapshot(), vm).isEmpty());
        requireNotCounted(vm);
        // It may have come under suspicion meanwhile
        refuse(VmRequests.find(driver.list(), vm.id()), snapshot);
        coordinator.requireTerm(term);
        // Half set back it must not be trusted
        driver.suspect(vm.id(), true);
        try {
            driver.snapshots().orElseThrow().revert(vm.id(), snapshot.name());
        } catch (VmDriverException e) {
            if (e.kind() != VmDriverException.Kind.OUTCOME_UNKNOWN) {
                driver.suspect(vm.id(), false);
            }
            throw e;
        }
        requireNotCounted(vm);
        refuseAfter(vm, snapshot);
        coordinator.requireTerm(term);
        driver.suspect(vm.id(), false);
        events.record(
                "VM_SET_BACK",
                vm.name(),
                "a user asked for it; what is newer it gets from the others",
                Map.of(
                        "vmId",
                        vm.id(),
                        "snapshot",
                        snapshot.name(),
                        "takenAt",
                        snapshot.takenAt().toString()));
    }

    private void requireNotCounted(VmRecord vm) {
        SnapshotRules.counted(grid.snapshot(), vm).ifPresent(why -> {
            throw GridException.unavailable(
                    vm.name() + " cannot be set back now: " + why, "wait until `virtugrid status` says READY");
        });
    }

    /** A dataset was deleted in this very moment: the VM stays under suspicion and starts empty. */
    private void refuseAfter(VmRecord vm, VmSnapshot snapshot) {
        SnapshotRules.obstacle(snapshot, caches()).ifPresent(obstacle -> {
            throw GridException.unavailable(
                    vm.name() + " was set back, but " + obstacle + "; so its database is emptied",
                    "wait until `virtugrid status` says READY");
        });
    }
}
