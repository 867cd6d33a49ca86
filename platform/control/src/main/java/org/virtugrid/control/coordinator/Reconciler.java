package org.virtugrid.control.coordinator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.virtugrid.api.VmState;
import org.virtugrid.control.coordinator.Decision.Finding;
import org.virtugrid.control.coordinator.Decision.VmStatus;
import org.virtugrid.control.coordinator.Verdict.Kind;
import org.virtugrid.control.vm.Desired;

/**
 * Decides what to do, from what is wanted and what is seen. A pure function: the same memory and observation give the same
 * decision, so years of failures can be simulated in seconds.
 */
class Reconciler {
    private final Limits limits;
    private final Diagnosis diagnosis;
    private final VmRules vmRules;
    private final GridRules gridRules;

    Reconciler(Limits limits) {
        this.limits = limits;
        this.diagnosis = new Diagnosis(limits);
        this.vmRules = new VmRules(limits);
        this.gridRules = new GridRules(limits);
    }

    Decision decide(Memory memory, Observation observed) {
        List<Action.Expel> deaths = deaths(observed);
        // Whoever is known to be dead is no member for any rule, though the grid still lists it
        Observation seen = observed.with(observed.grid()
                .without(deaths.stream().map(Action.Expel::nodeId).collect(Collectors.toSet())));
        Map<String, Verdict> verdicts = new HashMap<>();
        seen.vms()
                .forEach(vm -> verdicts.put(
                        vm.record().id(), diagnosis.of(vm, memory.of(vm.record().id()), seen)));
        Brakes brakes = brakes(memory, seen, verdicts);
        List<Action> actions = new ArrayList<>(deaths);
        List<Finding> findings = new ArrayList<>();
        Map<String, VmStatus> statuses = new LinkedHashMap<>();
        Map<String, VmMemory> vms = new HashMap<>();
        Map<String, Long> fences = recent(memory.fences(), seen.nowMillis());
        Set<String> late = late(seen);
        Drain drain = new Drain(seen);
        for (VmObservation vm : seen.vms()) {
            String id = vm.record().id();
            VmRules.Case now = new VmRules.Case(
                    vm,
                    verdicts.get(id),
                    memory.of(id),
                    seen,
                    brakes.mayFence(vm) && !brakes.exceededBy(id, fences.keySet()),
                    late.isEmpty() || late.equals(Set.of(id)));
            Optional<Action> action = drain.insteadOf(vmRules.action(now), now);
            action.ifPresent(actions::add);
            action.filter(Action.Fence.class::isInstance).ifPresent(fence -> fences.put(id, seen.nowMillis()));
            VmState state = vmRules.state(now);
            statuses.put(
                    id,
                    new VmStatus(
                            state,
                            verdicts.get(id),
                            now.member().map(GridSnapshot.Member::nodeId).orElse(null)));
            vms.put(id, vmRules.remember(now, action));
            Findings.ofVm(now, state).ifPresent(findings::add);
        }
        GridRules.Outcome grid = gridRules.decide(memory, seen, verdicts);
        grid.action().filter(action -> !seen.gridBusy()).ifPresent(actions::add);
        Findings.ofGrid(memory, seen, brakes.holds()).forEach(findings::add);
        Decision.Overall overall = OverallRules.overall(memory, seen, statuses, vms, grid, brakes.holds());
        Set<String> lossy = seen.grid().copies().known() ? seen.grid().copies().lossyCaches() : memory.lossy();
        int missing = seen.grid().copies().known() ? seen.grid().copies().missing() : -1;
        Memory next = new Memory(
                vms,
                fences,
                brakes.quietUntil(),
                memory.wasReady() || overall.state().equals("READY"),
                brakes.holds(),
                missing,
                missing == memory.missing() ? memory.missingSince() : seen.nowMillis(),
                lossy);
        return new Decision(next, List.copyOf(actions), statuses, overall, findings);
    }

    /** What the grid has to be told: a driver knows of a death at once, while the grid's own detection takes its time. */
    private static List<Action.Expel> deaths(Observation observed) {
        List<Action.Expel> deaths = new ArrayList<>();
        for (VmObservation vm : observed.vms()) {
            if (vm.probe().gone()) {
                observed.grid()
                        .memberOf(vm.record().id(), vm.probe())
                        .ifPresent(member -> deaths.add(new Action.Expel(
                                vm.record().id(), member.nodeId(), vm.probe().detail())));
            }
        }
        return deaths;
    }

    /**
     * What keeps the coordinator from fencing.
     *
     * @param cutOff fewer workers are seen in the grid than seem to hang, so it is rather control that is cut off from them
     */
    record Brakes(boolean holds, boolean paused, boolean cutOff, long quietUntil, int wanted) {
        /** A process that was seen frozen is proof enough without the grid. */
        boolean mayFence(VmObservation vm) {
            return !holds && !paused && (!cutOff || vm.probe().frozen());
        }

        /** One more fence in this very decision would be one too many. */
        boolean exceededBy(String vmId, Set<String> fenced) {
            Set<String> all = new HashSet<>(fenced);
            all.add(vmId);
            return wanted >= 3 && all.size() * 2 > wanted;
        }
    }

    Brakes brakes(Memory memory, Observation seen, Map<String, Verdict> verdicts) {
        Set<String> hung = new HashSet<>();
        int wanted = 0;
        int failedOut = 0;
        int alive = 0;
        for (VmObservation vm : seen.vms()) {
            if (vm.record().desired() == Desired.RUNNING) {
                wanted++;
                Kind kind = verdicts.get(vm.record().id()).kind();
                if (kind == Kind.ALIVE) {
                    alive++;
                } else if (kind == Kind.HUNG) {
                    hung.add(vm.record().id());
                    boolean wasMember = memory.of(vm.record().id())
                            .joinedLife()
                            .equals(vm.probe().lifeId());
                    failedOut += wasMember && !vm.probe().frozen() ? 1 : 0;
                }
            }
        }
        boolean holds = Brake.holds(
                wanted,
                hung,
                memory.fences(),
                seen.nowMillis(),
                limits.brakeWindow().toMillis());
        // Who stood still itself knows nothing about the others until the grid has told it anew.
        long detection = limits.failureDetection().toMillis();
        long quietUntil = seen.pausedMillis() > detection / 2 ? seen.nowMillis() + 2 * detection : memory.quietUntil();
        // With a single worker there is nobody else to be seen
        boolean cutOff = wanted > 1 && failedOut > alive;
        return new Brakes(holds, seen.nowMillis() < quietUntil, cutOff, quietUntil, wanted);
    }

    private Map<String, Long> recent(Map<String, Long> fences, long now) {
        Map<String, Long> recent = new HashMap<>(fences);
        recent.values().removeIf(at -> now - at >= limits.brakeWindow().toMillis());
        return recent;
    }

    /** Those that have not joined although they should and can. */
    private static Set<String> late(Observation seen) {
        Set<String> late = new HashSet<>();
        for (VmObservation vm : seen.vms()) {
            boolean expected =
                    vm.record().desired() == Desired.RUNNING && !vm.record().suspect() && !vm.behind();
            if (expected && !seen.grid().hasJoined(vm.record().consistentId())) {
                late.add(vm.record().id());
            }
        }
        return late;
    }
}
