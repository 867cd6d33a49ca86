package org.virtugrid.control.coordinator;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the reconciler remembers from one decision to the next.
 *
 * @param fences when each VM was last fenced
 * @param quietUntil no fence before this time, because the coordinator itself had stood still
 * @param wasReady the platform was READY since control started
 * @param braked the brake held at the last decision
 * @param missing copies that were missing at the last decision
 * @param missingSince since when the same number is missing
 * @param lossy caches whose loss has been told
 */
record Memory(
        Map<String, VmMemory> vms,
        Map<String, Long> fences,
        long quietUntil,
        boolean wasReady,
        boolean braked,
        int missing,
        long missingSince,
        Set<String> lossy) {
    static final Memory FRESH = new Memory(Map.of(), Map.of(), Long.MIN_VALUE, false, false, 0, 0, Set.of());

    Memory {
        vms = Map.copyOf(vms);
        fences = Map.copyOf(fences);
        lossy = Set.copyOf(lossy);
    }

    /** What is left of it when nothing that was decided is done: a start that did not take place does not count. */
    Memory watching(Memory before) {
        Map<String, VmMemory> watched = new HashMap<>();
        vms.forEach((id, vm) ->
                watched.put(id, vm.started(Math.min(vm.starts(), before.of(id).starts()), vm.notBefore())));
        return new Memory(watched, fences, quietUntil, wasReady, braked, missing, missingSince, lossy);
    }

    VmMemory of(String vmId) {
        return vms.getOrDefault(vmId, VmMemory.FRESH);
    }
}
