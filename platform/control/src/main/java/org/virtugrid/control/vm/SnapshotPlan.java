package org.virtugrid.control.vm;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * How often snapshots are taken by themselves, and how many of those are kept of each VM. Pure.
 *
 * @param every a minute at least
 * @param keep one at least; those that users take are not counted and never removed
 */
public record SnapshotPlan(Duration every, int keep) {

    /** Whether the next one is due. A clock that was set back makes no snapshot due before its time. */
    public boolean due(List<VmSnapshot> there, Instant now) {
        return there.stream()
                .filter(VmSnapshot::scheduled)
                .map(VmSnapshot::takenAt)
                .max(Comparator.naturalOrder())
                .map(last -> !now.isBefore(last.plus(every)))
                .orElse(true);
    }

    /** Those that are too many, oldest first. */
    public List<VmSnapshot> surplus(List<VmSnapshot> there) {
        List<VmSnapshot> scheduled = there.stream()
                .filter(VmSnapshot::scheduled)
                .sorted(Comparator.comparing(VmSnapshot::takenAt))
                .toList();
        return scheduled.subList(0, Math.max(0, scheduled.size() - keep));
    }
}
