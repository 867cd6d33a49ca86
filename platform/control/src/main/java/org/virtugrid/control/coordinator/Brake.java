package org.virtugrid.control.coordinator;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Stops fencing when so many VMs seem to hang within a short time that the fault is more likely in what watches them. VMs
 * that are known to be dead don't count: starting them anew can do no harm.
 */
final class Brake {
    private static final int FEWEST = 3;

    private Brake() {}

    static boolean holds(int wanted, Set<String> hung, Map<String, Long> fences, long now, long windowMillis) {
        Set<String> failing = new HashSet<>(hung);
        fences.forEach((vm, at) -> {
            if (now - at < windowMillis) {
                failing.add(vm);
            }
        });
        return !hung.isEmpty() && wanted >= FEWEST && failing.size() * 2 > wanted;
    }
}
