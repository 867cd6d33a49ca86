package org.virtugrid.control.coordinator;

import java.util.Optional;
import java.util.Set;
import org.virtugrid.api.VmState;
import org.virtugrid.control.coordinator.GridSnapshot.Member;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmProbe;
import org.virtugrid.control.vm.VmRecord;

/** What one VM needs now. Pure; every verdict meets every wish here. */
final class VmRules {
    private final Limits limits;

    VmRules(Limits limits) {
        this.limits = limits;
    }

    /**
     * What the rules look at.
     *
     * @param mayFence neither the brake nor the coordinator's own pause forbids it
     * @param othersJoined every other wanted VM that is neither under suspicion itself nor behind has joined
     */
    record Case(
            VmObservation vm,
            Verdict verdict,
            VmMemory memory,
            Observation seen,
            boolean mayFence,
            boolean othersJoined) {
        VmRecord record() {
            return vm.record();
        }

        VmProbe probe() {
            return vm.probe();
        }

        GridSnapshot grid() {
            return seen.grid();
        }

        boolean noOtherIsTrusted() {
            return seen().vms().stream()
                    .map(VmObservation::record)
                    .allMatch(other -> other.suspect() || other.id().equals(record().id()));
        }

        Optional<Member> member() {
            return grid().memberOf(record().id(), probe());
        }

        boolean serves() {
            return member().map(Member::settled).orElse(false);
        }

        boolean inBaseline() {
            return grid().baseline().contains(record().consistentId());
        }
    }

    /** The action that the VM needs now; empty when there is nothing to do or nothing may be done. */
    Optional<Action> action(Case now) {
        if (now.vm().busy()) {
            return Optional.empty();
        }
        return switch (now.record().desired()) {
            case RUNNING -> toRun(now);
            case STOPPED -> toRest(now);
            case DESTROYED -> toVanish(now);
        };
    }

    private Optional<Action> toRun(Case now) {
        String id = now.record().id();
        return switch (now.verdict().kind()) {
            case HUNG ->
                now.mayFence()
                        ? Optional.of(new Action.Fence(
                                id, mayHaveRunOn(now), now.verdict().evidence()))
                        : Optional.empty();
            case OFF, CRASHED, STOPPED ->
                now.seen().nowMillis() < now.memory().notBefore()
                        ? Optional.empty()
                        : replacement(now).or(() -> bringBack(now));
            case STARTING, ALIVE, LEAVING, UNKNOWN -> Optional.empty();
        };
    }

    /**
     * A process that stood still from before it was failed out until now can have committed nothing, so its database stays
     * good. One that was not seen standing still before may have run on.
     */
    private static boolean mayHaveRunOn(Case now) {
        VmProbe probe = now.probe();
        boolean stoodStill = now.memory().standstill().lasts(probe);
        boolean everJoined = now.memory().joinedLife().equals(probe.lifeId());
        return everJoined && !stoodStill;
    }

    /** A new disk for one whose old one seems to be of no use; only when others hold all of it. */
    private Optional<Action> replacement(Case now) {
        boolean comesUpNever = now.verdict().kind() == Verdict.Kind.CRASHED
                && now.memory().lives().ended() == limits.startsBeforeReplacement();
        // Its own copies are made nowhere else as long as it is a member; each has a living one
        boolean needless = now.grid().active() && now.grid().copies().lossless();
        return comesUpNever && needless
                ? Optional.of(new Action.Replace(
                        now.record().id(),
                        "with its old disk it ended " + now.memory().lives().ended()
                                + " times in a row soon after its start ("
                                + now.verdict().evidence() + "), and others hold all that is on it"))
                : Optional.empty();
    }

    private static Optional<Action> bringBack(Case now) {
        String id = now.record().id();
        GridSnapshot grid = now.grid();
        if (!now.record().suspect()) {
            String why =
                    now.verdict().kind() == Verdict.Kind.CRASHED ? now.verdict().evidence() : "it is wanted RUNNING";
            return Optional.of(new Action.Start(id, why));
        }
        if (grid.active()) {
            if (!grid.copies().known()) {
                return Optional.empty();
            }
            // A partition without a living copy may have its last one in this very database.
            return grid.copies().lossless()
                    ? Optional.of(new Action.Wipe(id))
                    : Optional.of(new Action.Keep(id, "data of " + grid.copies().lossyCaches() + " has no other copy"));
        }
        boolean needed = grid.joined()
                ? now.othersJoined() && (!grid.everActivated() || neededForColdStart(now))
                // Control joins after a first worker, and here no other can be that
                : now.noOtherIsTrusted();
        return needed ? Optional.of(new Action.Keep(id, "the grid cannot be activated without it")) : Optional.empty();
    }

    private static Optional<Action> toRest(Case now) {
        return switch (now.verdict().kind()) {
            case STARTING, ALIVE, LEAVING, HUNG ->
                Optional.of(new Action.Stop(now.record().id()));
            case OFF, CRASHED, STOPPED, UNKNOWN -> Optional.empty();
        };
    }

    private static Optional<Action> toVanish(Case now) {
        String id = now.record().id();
        GridSnapshot grid = now.grid();
        return switch (now.verdict().kind()) {
            case ALIVE ->
                grid.active() && grid.copies().complete() && grid.copies().lossless()
                        ? Optional.of(
                                new Action.Retire(id, now.member().orElseThrow().nodeId()))
                        : Optional.empty();
            // it may be on its way back because its disk is needed
            case STARTING ->
                grid.active() && grid.copies().lossless() ? Optional.of(new Action.Stop(id)) : Optional.empty();
            case HUNG -> Optional.of(new Action.Stop(id));
            case OFF, CRASHED, STOPPED -> grid.active() && !now.inBaseline() ? remove(now) : rescue(now);
            case LEAVING, UNKNOWN -> Optional.empty();
        };
    }

    /** Once it is no member the others make its copies again; until they have, its disk is kept. */
    private static Optional<Action> remove(Case now) {
        GridSnapshot.Copies copies = now.grid().copies();
        return copies.lossless() && copies.complete()
                ? Optional.of(new Action.Remove(now.record().id()))
                : Optional.empty();
    }

    /**
     * Others died after it had been stopped, and now its disk may have the last copy: it must come back once more. The same
     * goes for a cold start that cannot do without it.
     */
    private static Optional<Action> rescue(Case now) {
        GridSnapshot grid = now.grid();
        boolean loss = grid.copies().known() && !grid.copies().lossless();
        boolean missed = grid.joined() && !grid.active() && neededForColdStart(now);
        return (loss || missed) && now.seen().nowMillis() >= now.memory().notBefore()
                ? Optional.of(new Action.Start(now.record().id(), "its disk may hold the last copy of something"))
                : Optional.empty();
    }

    private static boolean neededForColdStart(Case now) {
        Set<String> lastLive = now.grid().lastLive();
        return lastLive.isEmpty()
                ? now.inBaseline()
                : lastLive.contains(now.record().consistentId());
    }

    /** The VM as users see it. */
    VmState state(Case now) {
        return switch (now.record().desired()) {
            case RUNNING -> stateOfWanted(now);
            case STOPPED ->
                now.verdict().kind() == Verdict.Kind.UNKNOWN
                        ? VmState.UNKNOWN
                        : now.probe().gone() ? VmState.STOPPED : VmState.DRAINING;
            case DESTROYED -> VmState.DRAINING;
        };
    }

    private VmState stateOfWanted(Case now) {
        return switch (now.verdict().kind()) {
            case OFF, STOPPED -> now.memory().starts() == 0 && !now.vm().busy() ? VmState.DEFINED : VmState.STARTING;
            case STARTING -> VmState.STARTING;
            case ALIVE -> now.grid().active() && now.inBaseline() && now.serves() ? VmState.READY : VmState.JOINING;
            case CRASHED, LEAVING, HUNG -> VmState.FAILED;
            case UNKNOWN -> overlooked(now) ? VmState.READY : VmState.UNKNOWN;
        };
    }

    /** Its host has not answered for a moment, as when it is busy with the end of another VM; its node serves meanwhile. */
    private boolean overlooked(Case now) {
        long unseen = now.seen().nowMillis() - now.memory().lives().lastSeen();
        return now.verdict().kind() == Verdict.Kind.UNKNOWN
                && now.memory().ready()
                && now.grid().active()
                && now.serves()
                && unseen <= limits.glance().toMillis();
    }

    /** What is to be remembered of the VM after this decision. */
    VmMemory remember(Case now, Optional<Action> action) {
        VmMemory memory = now.memory();
        long time = now.seen().nowMillis();
        boolean ready = state(now) == VmState.READY;
        if (now.verdict().kind() == Verdict.Kind.ALIVE || now.verdict().kind() == Verdict.Kind.STARTING) {
            memory = memory.seen(now.probe(), time);
        }
        if (now.verdict().kind() == Verdict.Kind.ALIVE) {
            memory = memory.joined(now.probe().lifeId(), time);
            if (time - memory.joinedSince() > limits.steady().toMillis()) {
                memory = memory.started(0, memory.notBefore())
                        .with(memory.lives().steady());
            }
        }
        if (now.verdict().kind() == Verdict.Kind.CRASHED) {
            memory = memory.with(memory.lives().died(now.probe().lifeId()));
        }
        if (memory.joinedLife().equals(now.probe().lifeId()) && now.member().isEmpty()) {
            memory = memory.out(time);
        }
        if (now.record().desired() == Desired.DESTROYED && now.probe().gone()) {
            memory = memory.out(time);
        }
        if (now.record().desired() == Desired.STOPPED && now.probe().gone()) {
            // Its owner has taken it in hand: when it is wanted again, it starts at once
            memory = memory.started(0, Long.MIN_VALUE).with(memory.lives().steady());
        }
        if (action.isPresent() && action.get() instanceof Action.Start) {
            int starts = memory.starts() + 1;
            memory = memory.started(starts, time + Backoff.millisAfter(starts));
        }
        if (action.isPresent() && action.get() instanceof Action.Replace) {
            memory = memory.started(memory.starts(), time).with(memory.lives().replaced());
        }
        if (action.isPresent() && action.get() instanceof Action.Migrate) {
            memory = memory.moved(time + limits.betweenMoves().toMillis());
        }
        Verdict.Kind known = now.vm().busy() || overlooked(now)
                ? memory.verdict()
                : now.verdict().kind();
        return memory.concluded(known, ready);
    }
}
