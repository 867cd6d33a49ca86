package org.virtugrid.control.coordinator;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmSnapshot;
import org.virtugrid.grid.topology.Caches;

/**
 * When a VM's disk may go back to what it was. Pure.
 *
 * <p>Ignite compares counters when a member joins, and fills what is older anew; so a disk that went back is as good as one
 * that was away for that time, if three things hold: nothing is left on it alone, no cold start counts on it, and each of
 * its caches is the one that it was then. Ignite tells a cache by its name only; one that was dropped and made again
 * under its name would get the old values, as their counters are higher.
 */
final class SnapshotRules {
    private static final String OF_PLATFORM = "virtugrid-";

    private SnapshotRules() {}

    /** Why the disk of then cannot join the grid of now, for good; empty when it can. */
    static Optional<String> obstacle(VmSnapshot snapshot, Set<String> caches) {
        Set<String> gone = new TreeSet<>(snapshot.caches());
        gone.removeAll(caches);
        if (!gone.isEmpty()) {
            return Optional.of(
                    "since then was deleted: " + words(gone) + "; the grid does not take in a disk that still has it");
        }
        Set<String> reusable = new TreeSet<>(snapshot.caches());
        reusable.removeIf(SnapshotRules::neverMadeAgain);
        return reusable.isEmpty()
                ? Optional.empty()
                : Optional.of("it holds data of " + String.join(", ", reusable)
                        + ", which may have been dropped and made again since, and that cannot be told");
    }

    /** Of a dataset that was deleted nobody knows the name any more. */
    private static String words(Set<String> gone) {
        Set<String> others = new TreeSet<>(gone);
        others.removeIf(cache -> cache.startsWith(Caches.DATASET_PREFIX));
        int datasets = gone.size() - others.size();
        if (datasets > 0) {
            others.add(datasets == 1 ? "a dataset" : datasets + " datasets");
        }
        return String.join(", ", others);
    }

    private static boolean neverMadeAgain(String cache) {
        return cache.startsWith(Caches.DATASET_PREFIX) || cache.startsWith(OF_PLATFORM);
    }

    /** Why the grid still counts on the disk as it is; empty when it goes on without it, also after a cold start. */
    static Optional<String> counted(GridSnapshot grid, VmRecord vm) {
        if (!grid.joined() || !grid.active()) {
            return Optional.of("the grid is not active");
        }
        if (grid.hasJoined(vm.consistentId())) {
            return Optional.of("its node is still in the grid");
        }
        if (!grid.copies().known()) {
            return Optional.of("it is not known yet which copies are left");
        }
        if (!grid.copies().lossless()) {
            return Optional.of("no living copy is left of some of "
                    + new TreeSet<>(grid.copies().lossyCaches()));
        }
        return grid.lastLive().isEmpty() || grid.lastLive().contains(vm.consistentId())
                ? Optional.of("a cold start would wait for it, since newer data may lie there alone")
                : Optional.empty();
    }
}
