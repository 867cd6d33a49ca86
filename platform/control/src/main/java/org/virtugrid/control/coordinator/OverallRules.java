package org.virtugrid.control.coordinator;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.virtugrid.api.VmState;
import org.virtugrid.control.coordinator.Decision.Overall;
import org.virtugrid.control.coordinator.Decision.VmStatus;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmRecord;

/** The state of the platform as one sentence. Pure. */
final class OverallRules {
    /** So many starts in a row that did not last are no longer a start. */
    private static final int TOO_MANY_STARTS = 4;

    private OverallRules() {}

    static Overall overall(
            Memory memory,
            Observation seen,
            Map<String, VmStatus> statuses,
            Map<String, VmMemory> vms,
            GridRules.Outcome grid,
            boolean braked) {
        List<VmRecord> wanted = seen.vms().stream()
                .map(VmObservation::record)
                .filter(vm -> vm.desired() == Desired.RUNNING)
                .toList();
        List<String> unready = wanted.stream()
                .filter(vm -> statuses.get(vm.id()).state() != VmState.READY)
                .map(vm -> vm.name() + " is " + statuses.get(vm.id()).state())
                .toList();
        int ready = wanted.size() - unready.size();
        String reason = reason(seen, grid, braked, unready);
        boolean troubled = grid.blocked() != null
                || wanted.stream().anyMatch(vm -> vms.get(vm.id()).starts() >= TOO_MANY_STARTS);
        String state = reason == null ? "READY" : memory.wasReady() || troubled ? "DEGRADED" : "STARTING";
        String stage = state.equals("READY")
                ? null
                : grid.stage() != null ? grid.stage() : ready + " of " + wanted.size() + " workers ready";
        return new Overall(state, reason, stage, wanted.size(), ready);
    }

    private static String reason(Observation seen, GridRules.Outcome outcome, boolean braked, List<String> unready) {
        GridSnapshot grid = seen.grid();
        if (outcome.blocked() != null) {
            return outcome.blocked();
        }
        if (!grid.joined()) {
            return "the control node has not joined the grid yet";
        }
        if (!grid.active()) {
            return "the grid is not active yet: " + outcome.stage();
        }
        if (!grid.prepared()) {
            return "system caches are being made";
        }
        if (braked) {
            return "more than half of the workers seem to hang at once, so none is killed; see `virtugrid events`, then"
                    + " restart them by name";
        }
        if (!grid.copies().lossyCaches().isEmpty()) {
            return "no copy is left of some partitions of "
                    + grid.copies().lossyCaches().stream().sorted().collect(Collectors.joining(", "));
        }
        if (!grid.hasMajorityOf(grid.workers())) {
            return noMajority(seen);
        }
        if (!unready.isEmpty()) {
            return String.join("; ", unready);
        }
        if (!grid.copies().known()) {
            return "the map of copies is being read";
        }
        return grid.copies().complete() ? null : grid.copies().missing() + " copies are being made again";
    }

    private static String noMajority(Observation seen) {
        Set<String> workers = seen.grid().workers();
        String away = seen.vms().stream()
                .map(VmObservation::record)
                .filter(vm ->
                        workers.contains(vm.consistentId()) && !seen.grid().hasJoined(vm.consistentId()))
                .map(VmRecord::name)
                .sorted()
                .collect(Collectors.joining(", "));
        long here = workers.stream().filter(seen.grid()::hasJoined).count();
        return "nothing can be written while only " + here + " of " + workers.size() + " workers are here; away: "
                + away;
    }
}
