package org.virtugrid.control.coordinator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmRecord;

/** What the grid as a whole needs now: activation, members, lost partitions. Pure. */
final class GridRules {
    private final Limits limits;

    GridRules(Limits limits) {
        this.limits = limits;
    }

    /**
     * One action at most, and what a start waits for.
     *
     * @param blocked what must happen before the grid can be activated, when that is not just a matter of seconds
     */
    record Outcome(Optional<Action> action, String stage, String blocked) {
        static Outcome of(Action action, String stage) {
            return new Outcome(Optional.of(action), stage, null);
        }

        static Outcome idle() {
            return new Outcome(Optional.empty(), null, null);
        }
    }

    Outcome decide(Memory memory, Observation seen, Map<String, Verdict> verdicts) {
        GridSnapshot grid = seen.grid();
        List<VmRecord> wanted = seen.vms().stream()
                .map(VmObservation::record)
                .filter(vm -> vm.desired() == Desired.RUNNING)
                .toList();
        if (!grid.joined()) {
            return new Outcome(Optional.empty(), "starting " + wanted.size() + " workers and the control node", null);
        }
        if (!grid.active()) {
            return grid.everActivated() ? coldStart(seen, wanted) : firstStart(grid, wanted);
        }
        Outcome outcome = membership(memory, seen, wanted, verdicts);
        return seen.gridBusy() ? new Outcome(Optional.empty(), outcome.stage(), null) : outcome;
    }

    private static Outcome firstStart(GridSnapshot grid, List<VmRecord> wanted) {
        long joined =
                wanted.stream().filter(vm -> grid.hasJoined(vm.consistentId())).count();
        if (joined < wanted.size() || wanted.isEmpty()) {
            return new Outcome(Optional.empty(), joined + " of " + wanted.size() + " workers joined", null);
        }
        return Outcome.of(
                new Action.Activate(
                        wanted.stream().map(VmRecord::consistentId).collect(Collectors.toSet()),
                        "all " + joined + " workers have joined"),
                "activating the grid");
    }

    /**
     * Only with every member of the last live topology; any less could serve values that had been overwritten. Members
     * that had left before are waited for a little, because starting together is cheaper than catching up.
     */
    private Outcome coldStart(Observation seen, List<VmRecord> wanted) {
        GridSnapshot grid = seen.grid();
        Set<String> needed = grid.lastLive().isEmpty() ? grid.workers() : grid.lastLive();
        Set<String> missing = new TreeSet<>(needed);
        missing.removeIf(grid::hasJoined);
        long late = wanted.stream()
                .filter(vm -> !vm.suspect() && grid.baseline().contains(vm.consistentId()))
                .filter(vm -> !grid.hasJoined(vm.consistentId()))
                .count();
        boolean graceOver =
                seen.nowMillis() - grid.joinedMillis() > limits.coldStartGrace().toMillis();
        if (missing.isEmpty() && (late == 0 || graceOver)) {
            return Outcome.of(
                    new Action.Activate(
                            Set.copyOf(needed),
                            "every member of the last live topology is back: " + new TreeSet<>(needed)),
                    "activating the grid");
        }
        if (missing.isEmpty()) {
            return new Outcome(Optional.empty(), "waiting for " + late + " more of the workers", null);
        }
        String names = missing.stream().map(id -> nameOf(id, seen)).collect(Collectors.joining(", "));
        return new Outcome(
                Optional.empty(),
                "waiting for " + names,
                graceOver
                        ? "the grid stays inactive until " + names + (missing.size() == 1 ? " is" : " are")
                                + " back, because newer data may lie there alone; start what is stopped, and see the logs of"
                                + " the others"
                        : null);
    }

    private static String nameOf(String consistentId, Observation seen) {
        return seen.vms().stream()
                .map(VmObservation::record)
                .filter(vm -> vm.consistentId().equals(consistentId))
                .map(VmRecord::name)
                .findFirst()
                .orElse(consistentId + " (whose VM is not here)");
    }

    private Outcome membership(Memory memory, Observation seen, List<VmRecord> wanted, Map<String, Verdict> verdicts) {
        GridSnapshot grid = seen.grid();
        if (!grid.prepared()) {
            return Outcome.of(new Action.Prepare(), "making system caches");
        }
        Set<String> target = new TreeSet<>(grid.baseline());

        List<String> words = new ArrayList<>();
        grid.members().stream()
                .filter(GridSnapshot.Member::control)
                .filter(member -> target.add(member.consistentId()))
                .forEach(member -> words.add("control joins"));
        for (VmRecord vm : wanted) {
            boolean alive = verdicts.get(vm.id()).kind() == Verdict.Kind.ALIVE;
            if (alive && target.add(vm.consistentId())) {
                words.add(vm.name() + " is new and has joined");
            }
        }
        for (VmObservation vm : seen.vms()) {
            if (mayLeave(vm, memory, seen) && target.remove(vm.record().consistentId())) {
                words.add(vm.record().name() + " is to be destroyed");
            }
        }
        if (!words.isEmpty()) {
            return Outcome.of(new Action.SetBaseline(target, String.join("; ", words)), "changing the grid's members");
        }
        return lost(grid, seen);
    }

    /**
     * Its copies have been made again elsewhere, from the others; until then its disk is kept as it is. Where too few
     * workers are left for that, it is enough that no more come and every partition has a living copy.
     */
    private boolean mayLeave(VmObservation vm, Memory memory, Observation seen) {
        GridSnapshot grid = seen.grid();
        long outSince = memory.of(vm.record().id()).outSince();
        long stalledFor = seen.nowMillis() - Math.max(outSince, memory.missingSince());
        boolean waitedLong = outSince != 0 && stalledFor > limits.copiesGrace().toMillis();
        return vm.record().desired() == Desired.DESTROYED
                && vm.probe().gone()
                && !grid.hasJoined(vm.record().consistentId())
                && grid.copies().lossless()
                && (grid.copies().complete() || waitedLong);
    }

    private static Outcome lost(GridSnapshot grid, Observation seen) {
        Set<String> lossy = grid.copies().lossyCaches();
        // Who had left before the loss has nothing that the others don't have, too; it follows later, and catches up
        Set<String> holders = grid.lastLive().isEmpty() ? grid.workers() : grid.lastLive();
        boolean allBack = holders.stream().allMatch(grid::hasJoined);
        if (grid.copies().known() && !lossy.isEmpty() && allBack && !seen.gridBusy()) {
            return Outcome.of(
                    new Action.ResetLost(Set.copyOf(lossy), Set.copyOf(holders)),
                    "taking lost partitions back into use");
        }
        return Outcome.idle();
    }
}
