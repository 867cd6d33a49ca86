package org.virtugrid.control.coordinator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmProbe;
import org.virtugrid.control.vm.VmRecord;

/**
 * Machines, processes and the control process around a {@link SimulatedGrid}, on one thread and with its own clock. Every
 * action checks what must never happen before it is carried out.
 */
final class SimulatedPlatform {
    private static final long STEP = 100;
    private static final long LOOK_EVERY = 500;
    private static final long DETECTION = 5_000;
    /** So long the grid does not notice a death by itself. */
    private static final int LONGEST_SILENCE = 800;

    /** A VM: what is recorded, and the process it has now. */
    private static final class Vm {
        private Desired desired = Desired.RUNNING;
        private boolean suspect;
        private boolean recorded;
        private long pid;
        private boolean alive;
        private boolean frozen;
        private long frozenSince;
        private long cpuTicks;
        private long joinsAt = Long.MAX_VALUE;
        private long leavesAt = Long.MAX_VALUE;
    }

    final SimulatedGrid grid = new SimulatedGrid();
    private final Map<String, Vm> vms = new TreeMap<>();
    private final Map<String, Long> busyUntil = new HashMap<>();
    private final Map<String, Action> inFlight = new TreeMap<>();
    private final Map<String, Long> fencedAt = new HashMap<>();
    private final Random random;
    private final Reconciler reconciler = new Reconciler(Scenes.LIMITS);
    private Memory memory = Memory.FRESH;
    private Decision last = Decision.none();
    private boolean controlRuns;
    private long controlJoinsAt;
    private long controlJoinedAt;
    private long nextPid = 100;
    private long now = 1;
    private int fences;

    SimulatedPlatform(int workers, Random random) {
        this.random = random;
        for (int i = 1; i <= workers; i++) {
            vms.put("vm-" + i, new Vm());
        }
        startControl();
    }

    Decision last() {
        return last;
    }

    int fences() {
        return fences;
    }

    List<String> ids() {
        return List.copyOf(vms.keySet());
    }

    // --- faults and wishes

    void kill(String id) {
        Vm vm = vms.get(id);
        if (vm != null && vm.alive) {
            vm.alive = false;
            vm.frozen = false;
            vm.joinsAt = Long.MAX_VALUE;
            vm.leavesAt = now + random.nextInt(LONGEST_SILENCE);
        }
    }

    void freeze(String id) {
        Vm vm = vms.get(id);
        if (vm != null && vm.alive && !vm.frozen) {
            vm.frozen = true;
            vm.frozenSince = now;
        }
    }

    /** One that was failed out in the meantime learns it and halts. */
    void thaw(String id) {
        Vm vm = vms.get(id);
        if (vm != null && vm.frozen) {
            vm.frozen = false;
            vm.cpuTicks++;
            if (!grid.members.containsKey(id) && vm.joinsAt == Long.MAX_VALUE) {
                vm.suspect = true;
                vm.alive = false;
            }
        }
    }

    void killControl() {
        controlRuns = false;
        grid.controlLeaves();
        memory = Memory.FRESH;
        busyUntil.clear();
        inFlight.clear();
        fencedAt.clear();
    }

    void startControl() {
        if (!controlRuns) {
            controlRuns = true;
            controlJoinsAt = now + 1_000 + random.nextInt(4_000);
        }
    }

    /** As the interlock does: only when nothing is lost by that. */
    void want(String id, Desired desired) {
        Vm vm = vms.get(id);
        if (vm == null || vm.desired == Desired.DESTROYED) {
            return;
        }
        Set<String> going = new HashSet<>(Set.of(id));
        vms.forEach((other, state) -> {
            if (state.desired != Desired.RUNNING) {
                going.add(other);
            }
        });
        boolean allowed = desired == Desired.RUNNING
                || (grid.active && grid.prepared && !grid.lossy() && !grid.soleHolders(going));
        if (allowed) {
            vm.desired = desired;
        }
    }

    void create(String id) {
        vms.putIfAbsent(id, new Vm());
    }

    // --- time

    void run(long millis) {
        for (long end = now + millis; now < end; now += STEP) {
            step();
        }
    }

    private void step() {
        for (Map.Entry<String, Vm> entry : vms.entrySet()) {
            Vm vm = entry.getValue();
            if (vm.alive && !vm.frozen) {
                vm.cpuTicks++;
                if (now >= vm.joinsAt) {
                    vm.joinsAt = Long.MAX_VALUE;
                    grid.joins(entry.getKey(), vm.pid, now);
                }
            }
            if (now >= vm.leavesAt) {
                leave(entry.getKey(), vm);
            }
            if (vm.frozen && now - vm.frozenSince > DETECTION && grid.members.containsKey(entry.getKey())) {
                grid.leaves(entry.getKey(), now);
            }
        }
        if (controlRuns && !grid.controlIn && now >= controlJoinsAt) {
            controlJoinedAt = now;
            grid.controlJoins(now);
        }
        // Writes wait for whoever the grid counts on, and so does catching up
        if (vms.entrySet().stream().noneMatch(vm -> vm.getValue().leavesAt != Long.MAX_VALUE)) {
            grid.step(now);
        }
        if (controlRuns) {
            finishActions();
            if (now % LOOK_EVERY == 1) {
                look();
            }
        }
    }

    /** The grid learns of a death. */
    private void leave(String id, Vm vm) {
        vm.leavesAt = Long.MAX_VALUE;
        grid.leaves(id, now);
    }

    private void look() {
        GridSnapshot snapshot = grid.snapshot(controlJoinedAt);
        List<VmObservation> seen = new ArrayList<>();
        vms.forEach((id, vm) -> seen.add(new VmObservation(record(id, vm), probe(vm), inFlight.containsKey(id))));
        last = reconciler.decide(memory, new Observation(now, seen, snapshot, inFlight.containsKey("grid"), 0));
        memory = last.memory();
        for (Action action : last.actions()) {
            check(
                    !(action instanceof Action.ResetLost reset)
                            || grid.members.keySet().containsAll(reset.needed()),
                    "lost partitions are to be reset while one who may hold them is away");
            if (action instanceof Action.Expel expel) {
                Vm dead = vms.get(expel.vmId());
                check(!dead.alive, expel.vmId() + " is expelled while it lives");
                leave(expel.vmId(), dead);
                continue;
            }
            String lane = action instanceof Action.OnVm onVm ? onVm.vmId() : "grid";
            if (inFlight.putIfAbsent(lane, action) == null) {
                busyUntil.put(lane, now + random.nextInt(800));
                if (action instanceof Action.Fence) {
                    checkBrake(lane);
                }
            }
        }
    }

    private void checkBrake(String fenced) {
        fencedAt.put(fenced, now);
        fencedAt.values().removeIf(at -> now - at > 55_000);
        long wanted = vms.values().stream()
                .filter(vm -> vm.desired == Desired.RUNNING)
                .count();
        check(wanted < 3 || fencedAt.size() * 2L <= wanted, "the brake did not hold: " + fencedAt);
    }

    private static VmRecord record(String id, Vm vm) {
        return Scenes.record(Integer.parseInt(id.substring(3)), vm.desired, vm.suspect);
    }

    private VmProbe probe(Vm vm) {
        if (!vm.recorded) {
            return VmProbe.off();
        }
        if (!vm.alive) {
            return Scenes.died(vm.pid);
        }
        return new VmProbe(
                VmProbe.Life.RUNNING,
                Long.toString(vm.pid),
                vm.pid,
                vm.frozen ? "T" : "S",
                vm.cpuTicks,
                java.time.Instant.EPOCH,
                "there");
    }

    private void finishActions() {
        for (String lane : List.copyOf(inFlight.keySet())) {
            if (busyUntil.get(lane) <= now) {
                Action action = inFlight.remove(lane);
                if (action instanceof Action.OnVm onVm) {
                    perform(onVm, onVm.vmId(), vms.get(onVm.vmId()));
                } else {
                    perform((Action.OnGrid) action);
                }
            }
        }
    }

    private void perform(Action.OnVm action, String id, Vm vm) {
        if (action instanceof Action.Start) {
            check(!vm.alive, id + " is started while an old process of it lives");
            vm.alive = true;
            vm.recorded = true;
            vm.pid = nextPid++;
            vm.cpuTicks = 0;
            vm.joinsAt = now + 1_000 + random.nextInt(5_000);
        } else if (action instanceof Action.Fence fence) {
            check(
                    !grid.members.containsKey(id) || !vm.frozen,
                    id + " is fenced although the grid has not failed it out");
            fences++;
            vm.suspect |= fence.suspect() && vm.alive;
            end(id, vm);
        } else if (action instanceof Action.Stop) {
            end(id, vm);
        } else if (action instanceof Action.Wipe) {
            check(!vm.alive, id + " is wiped while it runs");
            if (grid.active && grid.prepared && !grid.lossy()) {
                grid.disk(id).wipe();
                vm.suspect = false;
            }
        } else if (action instanceof Action.Keep) {
            vm.suspect = false;
        } else if (action instanceof Action.Retire) {
            if (grid.complete() && !grid.soleHolders(Set.of(id))) {
                end(id, vm);
            }
        } else if (action instanceof Action.Remove) {
            check(!vm.alive && !grid.baseline.contains(id), id + " is removed while it counts");
            vms.remove(id);
            grid.disks.remove(id);
        }
    }

    private void end(String id, Vm vm) {
        kill(id);
        vm.recorded = false;
    }

    private void perform(Action.OnGrid action) {
        if (action instanceof Action.Activate activate) {
            if (areHere(activate.needed())) {
                grid.activate(now);
            }
        } else if (action instanceof Action.SetBaseline change) {
            if (grid.active && change.consistentIds().stream().allMatch(this::known)) {
                grid.setBaseline(change.consistentIds(), now);
            }
        } else if (action instanceof Action.Prepare) {
            grid.prepared = grid.active;
        } else if (action instanceof Action.ResetLost reset) {
            if (grid.active && areHere(reset.needed())) {
                grid.resetLost();
            }
        }
    }

    /** What an action looks at once more at its last moment. */
    private boolean areHere(Set<String> needed) {
        return grid.members.keySet().containsAll(needed)
                && needed.stream().map(vms::get).allMatch(vm -> vm == null || vm.alive);
    }

    private boolean known(String id) {
        return id.equals("control-1") || grid.baseline.contains(id) || grid.members.containsKey(id);
    }

    private static void check(boolean fine, String otherwise) {
        if (!fine) {
            throw new AssertionError(otherwise);
        }
    }
}
