package org.virtugrid.control.vm;

import java.time.Instant;
import java.util.Set;

/**
 * A state of a VM's disk that can be gone back to.
 *
 * @param name unique among those of its VM
 * @param scheduled taken by the schedule, which removes it again; else a user did
 * @param caches caches of the grid whose data was on the disk, or may have been
 */
public record VmSnapshot(String name, Instant takenAt, boolean scheduled, Set<String> caches) {
    /** Copies the names of caches. */
    public VmSnapshot {
        caches = Set.copyOf(caches);
    }
}
