package org.virtugrid.control.coordinator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.virtugrid.api.SnapshotView;
import org.virtugrid.api.VmActionResult;
import org.virtugrid.api.VmState;
import org.virtugrid.control.coordinator.VmRequests.Verb;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmSnapshot;
import org.virtugrid.control.vm.VmSnapshots;
import org.virtugrid.grid.fault.GridException;

/** Takes snapshots, and sets VMs back to them without the grid ever trusting what is old. */
final class ManagedSnapshots implements SnapshotService {
    private static final Pattern NAME = Pattern.compile("(?!\\d+$)[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
    /** More than its steps may take: 20 s to stop, a minute for libvirt, and those below. */
    private static final Duration REVERT_DEADLINE = Duration.ofMinutes(3);

    private static final Duration READY_DEADLINE = Duration.ofMinutes(3);

    private final VmDriver driver;
    private final Grid grid;
    private final Coordinator coordinator;
    private final Interlock interlock;
    private final EventLog events;
    private final Clock clock;
    private final SetBack setBack;
    /** VMs whose owners wait for a revert, so that nobody is told what another one has undone meanwhile. */
    private final Set<String> goingBack = ConcurrentHashMap.newKeySet();

    ManagedSnapshots(
            VmDriver driver, Grid grid, Coordinator coordinator, Interlock interlock, EventLog events, Clock clock) {
        this.driver = driver;
        this.grid = grid;
        this.coordinator = coordinator;
        this.interlock = interlock;
        this.events = events;
        this.clock = clock;
        this.setBack = new SetBack(driver, grid, coordinator, events);
    }

    private VmSnapshots snapshots() {
        return driver.snapshots()
                .orElseThrow(() -> GridException.invalid(
                        "driver",
                        "driver " + driver.name() + " has no snapshots",
                        "use them with driver libvirt; copies of data are what `dataset put --backups` makes"));
    }

    @Override
    public List<SnapshotView> list(String idOrName) {
        VmSnapshots snapshots = snapshots();
        VmRecord vm = VmRequests.find(driver.list(), idOrName);
        return snapshots.list(vm.id()).stream().map(one -> view(vm, one)).toList();
    }

    private SnapshotView view(VmRecord vm, VmSnapshot snapshot) {
        String obstacle = grid.caches()
                .flatMap(caches -> SnapshotRules.obstacle(snapshot, caches))
                .orElse(null);
        return new SnapshotView(
                vm.id(), vm.name(), snapshot.name(), snapshot.takenAt(), snapshot.scheduled(), obstacle);
    }

    @Override
    public SnapshotView create(String idOrName, String name) {
        snapshots();
        VmRecord vm = VmRequests.find(driver.list(), idOrName);
        if (name != null && !NAME.matcher(name).matches()) {
            throw GridException.invalid(
                    "name",
                    "'" + name + "' is not a name of a snapshot",
                    "use up to 63 of A-Z, a-z, 0-9, . _ -, and not digits alone, which QEMU takes for numbers of snapshots");
        }
        return view(vm, take(vm, name == null ? "s-" + STAMP.format(clock.instant()) : name, false));
    }

    /** Takes one with a name that tells when. */
    VmSnapshot takeScheduled(VmRecord vm) {
        return take(vm, "auto-" + STAMP.format(clock.instant()), true);
    }

    private VmSnapshot take(VmRecord vm, String name, boolean scheduled) {
        VmSnapshots snapshots = snapshots();
        Optional<VmSnapshot> there = find(snapshots, vm, name);
        if (there.isPresent()) {
            return there.get();
        }
        coordinator.requireTerm();
        String node = requireReady(vm);
        Set<String> caches = new HashSet<>(setBack.caches());
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        VmSnapshot taken = snapshots.create(vm.id(), new VmSnapshot(name, now, scheduled, caches));
        // A node that was cut off may have written what the others never saw; one that is in the grid still was not
        String nodeAfter = nodeOf(vm);
        if (!node.equals(nodeAfter) || !caches.containsAll(setBack.caches())) {
            snapshots.delete(vm.id(), name);
            throw GridException.unavailable(
                    nodeAfter == null || !node.equals(nodeAfter)
                            ? vm.name() + " left the grid while its snapshot was taken; it was removed again"
                            : "a dataset was made while the snapshot was taken; it was removed again",
                    "try again");
        }
        events.record(
                "VM_SNAPSHOT_TAKEN",
                vm.name(),
                scheduled ? "the schedule asks for it" : "a user asked for it",
                Map.of("vmId", vm.id(), "snapshot", name));
        return taken;
    }

    private static Optional<VmSnapshot> find(VmSnapshots snapshots, VmRecord vm, String name) {
        return snapshots.list(vm.id()).stream()
                .filter(one -> one.name().equals(name))
                .findFirst();
    }

    private static VmSnapshot require(VmSnapshots snapshots, VmRecord vm, String name) {
        return find(snapshots, vm, name)
                .orElseThrow(() ->
                        GridException.notFound("snapshot", name, "see `virtugrid vm snapshot list " + vm.name() + "`"));
    }

    private String requireReady(VmRecord vm) {
        Decision.VmStatus status = coordinator.last().vms().get(vm.id());
        String node = nodeOf(vm);
        if (status == null || status.state() != VmState.READY || node == null || vm.suspect()) {
            throw GridException.refused(
                    vm.name() + " is " + (status == null ? VmState.DEFINED : status.state())
                            + ", so it cannot be told whether its disk is what the others have",
                    "take snapshots of VMs that are READY");
        }
        return node;
    }

    private String nodeOf(VmRecord vm) {
        return grid.snapshot()
                .memberOf(vm.id(), driver.probe(vm.id()))
                .map(GridSnapshot.Member::nodeId)
                .orElse(null);
    }

    @Override
    public VmActionResult revert(String idOrName, String name, boolean wait) {
        VmSnapshots snapshots = snapshots();
        VmRecord vm = VmRequests.find(driver.list(), idOrName);
        VmSnapshot snapshot = require(snapshots, vm, name);
        if (vm.desired() == Desired.DESTROYED) {
            throw new GridException(
                    GridException.Kind.CONFLICT, null, vm.name() + " is being destroyed", "leave it alone");
        }
        long term = coordinator.requireTerm();
        setBack.refuse(vm, snapshot);
        if (!goingBack.add(vm.id())) {
            throw GridException.unavailable(
                    vm.name() + " is on its way back to a snapshot already", "try again when it is READY");
        }
        try {
            return goBack(vm, snapshot, term, wait);
        } finally {
            goingBack.remove(vm.id());
        }
    }

    private VmActionResult goBack(VmRecord vm, VmSnapshot snapshot, long term, boolean wait) {
        String life = driver.probe(vm.id()).lifeId();
        CompletableFuture<Void> done;
        // Two actions that are each harmless could together take the last copy
        synchronized (interlock) {
            interlock.check(List.of(vm), Verb.RESTART);
            done = inPlaceOf(vm, () -> setBack.carryOut(vm, snapshot, term));
        }
        awaitDone(vm, done);
        coordinator.wake();
        if (vm.desired() == Desired.RUNNING && wait) {
            Waiting.until(READY_DEADLINE, () -> ready(vm, life));
        }
        Decision.VmStatus status = coordinator.last().vms().get(vm.id());
        boolean there = vm.desired() != Desired.RUNNING || ready(vm, life);
        return new VmActionResult(
                vm.id(),
                vm.name(),
                there || !wait,
                true,
                status == null ? VmState.STOPPED : status.state(),
                "its disk is what it was at " + snapshot.takenAt()
                        + (vm.desired() == Desired.STOPPED
                                ? ""
                                : there ? ", and it got what is newer from the others" : "; it is starting"));
    }

    private boolean ready(VmRecord vm, String oldLife) {
        Decision.VmStatus status = coordinator.last().vms().get(vm.id());
        return status != null
                && status.state() == VmState.READY
                && !Objects.equals(driver.probe(vm.id()).lifeId(), oldLife);
    }

    @Override
    public VmActionResult delete(String idOrName, String name) {
        VmSnapshots snapshots = snapshots();
        VmRecord vm = VmRequests.find(driver.list(), idOrName);
        require(snapshots, vm, name);
        coordinator.requireTerm();
        remove(vm, name, "a user asked for it");
        Decision.VmStatus status = coordinator.last().vms().get(vm.id());
        return new VmActionResult(
                vm.id(), vm.name(), true, true, status == null ? VmState.DEFINED : status.state(), "removed " + name);
    }

    void remove(VmRecord vm, String name, String why) {
        snapshots().delete(vm.id(), name);
        events.record("VM_SNAPSHOT_REMOVED", vm.name(), why, Map.of("vmId", vm.id(), "snapshot", name));
    }

    /** Runs the work where the coordinator would act on the VM, so that it does not meanwhile. */
    private CompletableFuture<Void> inPlaceOf(VmRecord vm, Runnable work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        boolean begun = coordinator.runOnVm(vm.id(), REVERT_DEADLINE, () -> {
            try {
                work.run();
                done.complete(null);
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        if (!begun) {
            throw GridException.unavailable(
                    "something else is being done to " + vm.name() + " right now", "try again in some seconds");
        }
        return done;
    }

    private static void awaitDone(VmRecord vm, CompletableFuture<Void> done) {
        try {
            done.get(REVERT_DEADLINE.plusSeconds(30).toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new GridException(
                    GridException.Kind.UNAVAILABLE,
                    null,
                    vm.name() + " was not set back within " + REVERT_DEADLINE.toSeconds() + " s",
                    "see `virtugrid host list` and `virtugrid events`",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw GridException.unavailable("interrupted while " + vm.name() + " was set back", "look at it again");
        }
    }
}
