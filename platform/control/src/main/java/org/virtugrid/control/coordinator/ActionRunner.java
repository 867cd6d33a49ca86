package org.virtugrid.control.coordinator;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.grid.topology.CopyMap;

/** Carries out actions, each with a deadline and beside the others, and tells what came of it. */
final class ActionRunner implements AutoCloseable {
    /** How long a VM may take to end by itself. */
    static final Duration GRACE = Duration.ofSeconds(20);

    private static final Logger LOG = LoggerFactory.getLogger(ActionRunner.class);
    private static final String GRID_LANE = "grid";
    private static final Duration VM_DEADLINE = Duration.ofMinutes(1);
    private static final Duration MOVE_DEADLINE = Duration.ofMinutes(12);
    private static final Duration GRID_DEADLINE = Duration.ofMinutes(2);

    private final VmDriver driver;
    private final Grid grid;
    private final EventLog events;
    private final Leadership leadership;
    private final Lanes lanes;
    /** The last failure of each action, so that the same one is told once. */
    private final Map<String, String> failures = new ConcurrentHashMap<>();

    ActionRunner(VmDriver driver, Grid grid, EventLog events, Leadership leadership, Lanes lanes) {
        this.driver = driver;
        this.grid = grid;
        this.events = events;
        this.leadership = leadership;
        this.lanes = lanes;
    }

    boolean vmBusy(String vmId) {
        return lanes.busy(vmId);
    }

    boolean gridBusy() {
        return lanes.busy(GRID_LANE);
    }

    boolean anyBusy() {
        return lanes.anyBusy();
    }

    void interruptLate() {
        lanes.interruptLate();
    }

    /**
     * Begins the action; nothing happens when another one is under way in its place, and false is returned.
     *
     * @param term in which it was decided; it is not carried out when a newer one has begun by then
     */
    boolean run(Action action, String subject, long term) {
        return lanes.run(lane(action), deadline(action), () -> attempt(action, subject, term));
    }

    private static Duration deadline(Action action) {
        if (action instanceof Action.Migrate) {
            return MOVE_DEADLINE;
        }
        return action instanceof Action.OnVm ? VM_DEADLINE : GRID_DEADLINE;
    }

    /** What the action failed with when it was tried last. */
    Optional<String> failureOf(Action action, String subject) {
        return Optional.ofNullable(failures.get(key(action, subject)));
    }

    private static String key(Action action, String subject) {
        return action.getClass().getSimpleName() + " " + subject;
    }

    /**
     * Runs work of a user's in the VM's place, so that nothing else is done to the VM meanwhile; false when something is
     * under way there. The work tells its own errors.
     */
    boolean runOnVm(String vmId, Duration deadline, Runnable work) {
        return lanes.run(vmId, deadline, work);
    }

    private static String lane(Action action) {
        if (action instanceof Action.OnVm onVm) {
            return onVm.vmId();
        }
        // Neither its VM's next start nor what the grid does may wait for it, nor it for them
        return action instanceof Action.Expel expel ? "expel " + expel.nodeId() : GRID_LANE;
    }

    private void attempt(Action action, String subject, long term) {
        String key = key(action, subject);
        try {
            // What a node prepares for its own use is everybody's to do
            if (!(action instanceof Action.Prepare) && !leadership.holds(term)) {
                LOG.warn("{} is not carried out: it was decided in term {}, which is over", key, term);
                return;
            }
            perform(action, subject, term);
            failures.remove(key);
        } catch (RuntimeException e) {
            String message = String.valueOf(e.getMessage());
            if (!message.equals(failures.put(key, message))) {
                LOG.warn("{} failed", key, e);
                events.record("ACTION_FAILED", subject, message, Map.of("action", action.toString()));
            }
        }
    }

    private void perform(Action action, String subject, long term) {
        if (action instanceof Action.OnVm onVm) {
            performOnVm(onVm, subject, term);
        } else if (action instanceof Action.OnGrid onGrid) {
            performOnGrid(onGrid, subject);
        } else if (action instanceof Action.Expel expel) {
            grid.expel(expel.nodeId(), expel.why());
        }
    }

    private void performOnVm(Action.OnVm action, String subject, long term) {
        String id = action.vmId();
        if (action instanceof Action.Start start) {
            var caches = grid.caches();
            if (caches.isPresent()) {
                driver.dropCachesBut(id, caches.get());
            } else if (driver.isBehind(id)) {
                // It follows once the grid is active; see VmDriver.isBehind.
                return;
            } else {
                driver.completeCaches(id);
            }
            // What its database needed may have taken long
            if (!leadership.holds(term)) {
                return;
            }
            var probe = driver.start(id);
            tell(
                    "VM_STARTED",
                    subject,
                    start.why(),
                    evidence("vmId", id, "pid", probe.pid(), "observed", probe.detail(), "disk", "its own"));
        } else if (action instanceof Action.Fence fence) {
            fence(fence, subject);
        } else if (action instanceof Action.Stop) {
            driver.stop(id, GRACE);
            tell("VM_STOPPED", subject, "its owner asked for that", evidence("vmId", id));
        } else if (action instanceof Action.Migrate move) {
            migrate(move, subject);
        } else if (action instanceof Action.Wipe) {
            wipe(id, subject);
        } else if (action instanceof Action.Replace replace) {
            replace(replace, subject);
        } else if (action instanceof Action.Keep keep) {
            driver.suspect(id, false);
            tell(
                    "VM_DATABASE_KEPT",
                    subject,
                    "it had been failed out without proof of death, but its database is needed: " + keep.why()
                            + "; compare the copies with `virtugrid dataset check`",
                    evidence("vmId", id));
        } else if (action instanceof Action.Retire retire) {
            retire(retire, subject);
        } else if (action instanceof Action.Remove) {
            driver.destroy(id);
            tell("VM_DESTROYED", subject, "its owner asked for that", evidence("vmId", id));
        }
    }

    private void fence(Action.Fence fence, String subject) {
        if (fence.suspect()) {
            driver.suspect(fence.vmId(), true);
        }
        driver.kill(fence.vmId());
        tell(
                "VM_FENCED",
                subject,
                fence.why(),
                evidence("vmId", fence.vmId(), "proof", "its process is gone", "databaseSuspect", fence.suspect()));
    }

    private void replace(Action.Replace replace, String subject) {
        if (nothingIsLost()) {
            driver.wipe(replace.vmId());
            tell("VM_REPLACED", subject, replace.why(), evidence("vmId", replace.vmId(), "disk", "new"));
        }
    }

    private void migrate(Action.Migrate move, String subject) {
        String how = "while it ran";
        try {
            driver.migrate(move.vmId(), move.host());
        } catch (VmDriverException e) {
            if (e.kind() != VmDriverException.Kind.UNSUPPORTED) {
                throw e;
            }
            how = "stopped, because " + e.getMessage();
            stopForMove(move.vmId(), e.getMessage());
            driver.migrate(move.vmId(), move.host());
        }
        tell("VM_MIGRATED", subject, move.why(), evidence("vmId", move.vmId(), "to", move.host(), "how", how));
    }

    /** Stops it as its owner might; the reconciler starts it again where it is then. */
    private void stopForMove(String vmId, String why) {
        Set<UUID> nodes = grid.snapshot().members().stream()
                .filter(member -> member.vmId().equals(vmId))
                .map(member -> UUID.fromString(member.nodeId()))
                .collect(Collectors.toSet());
        boolean nothingLost = grid.copies()
                .map(copies -> copies.complete() && copies.soleHoldings(nodes).isEmpty())
                .orElse(false);
        if (!nothingLost) {
            throw new IllegalStateException(
                    why + ", so it would have to be stopped, and others do not have all that it holds yet");
        }
        driver.stop(vmId, GRACE);
    }

    private void wipe(String id, String subject) {
        if (nothingIsLost()) {
            driver.wipe(id);
            tell(
                    "VM_DATABASE_EMPTIED",
                    subject,
                    "it had been failed out without proof of death; others hold all it held, and it gets that from them",
                    evidence("vmId", id));
        }
    }

    /** Every partition has a living copy; asked anew at the last moment. */
    private boolean nothingIsLost() {
        return grid.copies().map(copies -> copies.lossyCaches().isEmpty()).orElse(false);
    }

    /** Asks the map of copies anew at the last moment; a decision may be half a second old. */
    private void retire(Action.Retire retire, String subject) {
        CopyMap copies = grid.copies().orElse(null);
        Set<UUID> self = Set.of(UUID.fromString(retire.nodeId()));
        if (copies != null && copies.complete() && copies.soleHoldings(self).isEmpty()) {
            driver.stop(retire.vmId(), GRACE);
            tell("VM_STOPPED", subject, "others hold everything it held", evidence("vmId", retire.vmId()));
        }
    }

    private void performOnGrid(Action.OnGrid action, String subject) {
        if (action instanceof Action.Activate activate) {
            requireMembers(activate.needed());
            grid.activate();
            tell("GRID_ACTIVATED", subject, activate.why(), Map.of());
        } else if (action instanceof Action.SetBaseline change) {
            grid.setBaseline(change.consistentIds());
            tell("BASELINE_CHANGED", subject, change.why(), evidence("members", change.consistentIds()));
        } else if (action instanceof Action.Prepare) {
            grid.prepare();
        } else if (action instanceof Action.ResetLost reset) {
            requireMembers(reset.needed());
            grid.resetLost();
            tell(
                    "LOST_PARTITIONS_RESET",
                    subject,
                    "every member that could hold them is back",
                    evidence("caches", reset.caches()));
        }
    }

    /** Looks once more at the last moment: the decision may be some milliseconds old, and one of them may just have died. */
    private void requireMembers(Set<String> needed) {
        GridSnapshot snapshot = grid.snapshot();
        if (!needed.stream().allMatch(snapshot::hasJoined)) {
            throw new IllegalStateException("a member that is needed has just left; it is waited for");
        }
        // The grid may not have noticed yet
        driver.look();
        for (VmRecord vm : driver.list()) {
            if (needed.contains(vm.consistentId()) && driver.probe(vm.id()).gone()) {
                throw new IllegalStateException(vm.name() + ", which is needed, has just died; it is waited for");
            }
        }
    }

    private void tell(String type, String subject, String cause, Map<String, Object> evidence) {
        events.record(type, subject, cause, evidence);
    }

    private static Map<String, Object> evidence(Object... pairs) {
        Map<String, Object> evidence = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i + 1] != null) {
                evidence.put((String) pairs[i], pairs[i + 1]);
            }
        }
        return evidence;
    }

    @Override
    public void close() {
        lanes.close();
    }
}
