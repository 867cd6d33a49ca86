package org.virtugrid.control.vm.process;

import java.time.Instant;

/**
 * One process for good: a pid is used again, but not with the same time of start.
 *
 * @param startTicks clock ticks from boot to its start, field 22 of {@code /proc/PID/stat}
 */
record ProcessIdentity(long pid, long startTicks, Instant startedAt) {
    /** As the node in it tells the grid: Ignite publishes the process id by itself. */
    String lifeId() {
        return Long.toString(pid);
    }
}
