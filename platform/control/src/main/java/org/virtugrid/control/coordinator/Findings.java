package org.virtugrid.control.coordinator;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.virtugrid.api.VmState;
import org.virtugrid.control.coordinator.Decision.Finding;
import org.virtugrid.control.coordinator.Verdict.Kind;
import org.virtugrid.control.vm.VmProbe;

/** Tells what is new in an observation. Pure. */
final class Findings {
    private Findings() {}

    static Optional<Finding> ofVm(VmRules.Case now, VmState state) {
        Kind kind = now.verdict().kind();
        if (state == VmState.READY && !now.memory().ready()) {
            return Optional.of(finding("VM_READY", now, "its node serves data and work"));
        }
        // While something is being done to it, what is seen of it is no news.
        if (kind == now.memory().verdict() || now.vm().busy()) {
            return Optional.empty();
        }
        return switch (kind) {
            case CRASHED -> Optional.of(finding("VM_CRASHED", now, "its process ended and nobody had asked for that"));
            case HUNG -> Optional.of(finding("VM_HUNG", now, "its process is there, but the grid goes on without it"));
            case UNKNOWN ->
                state == VmState.READY
                        ? Optional.empty()
                        : Optional.of(finding("VM_UNKNOWN", now, "nothing can be said about it, so nothing is done"));
            case OFF, STARTING, ALIVE, LEAVING, STOPPED -> Optional.empty();
        };
    }

    private static Finding finding(String type, VmRules.Case now, String cause) {
        VmProbe probe = now.probe();
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("vmId", now.record().id());
        evidence.put("observed", now.verdict().evidence());
        put(evidence, "pid", probe.pid());
        put(evidence, "processState", probe.processState());
        put(evidence, "nodeId", now.member().map(GridSnapshot.Member::nodeId).orElse(null));
        evidence.put("inTopology", now.member().isPresent());
        evidence.put("inBaseline", now.inBaseline());
        return new Finding(type, now.record().name(), cause, evidence);
    }

    private static void put(Map<String, Object> evidence, String key, Object value) {
        if (value != null) {
            evidence.put(key, value);
        }
    }

    static List<Finding> ofGrid(Memory memory, Observation seen, boolean braked) {
        List<Finding> findings = new ArrayList<>();
        if (braked && !memory.braked()) {
            findings.add(new Finding(
                    "FENCING_STOPPED",
                    "grid",
                    "more than half of the workers seem to hang at once, so none is killed until that clears",
                    Map.of("members", seen.grid().members().size())));
        }
        if (!braked && memory.braked()) {
            findings.add(new Finding("FENCING_RESUMED", "grid", "at most half of the workers seem to hang", Map.of()));
        }
        if (seen.grid().copies().known()) {
            Set<String> lost = new HashSet<>(seen.grid().copies().lossyCaches());
            lost.removeAll(memory.lossy());
            lost.forEach(cache -> findings.add(new Finding(
                    "DATA_LOST",
                    cache,
                    "no copy of some of its partitions is alive; reads of them fail until their owners are back",
                    Map.of("members", seen.grid().members().size()))));
        }
        return findings;
    }
}
