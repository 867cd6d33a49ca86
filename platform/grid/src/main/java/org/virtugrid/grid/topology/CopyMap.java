package org.virtugrid.grid.topology;

import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Which worker holds which copies of what: the partition map that is asked before anything stops. Safe for use by several
 * threads; may block for some milliseconds.
 */
public interface CopyMap {

    /**
     * What only these nodes hold: stopping all of them at once would leave nothing of it readable.
     *
     * @param nodeIds nodes that would go away; empty result means that it is safe
     */
    List<Holding> soleHoldings(Set<UUID> nodeIds);

    /** Whether every partition of every cache on workers has all the copies that the living workers can hold. */
    boolean complete();

    /**
     * Copies that are still being made on living workers, over all caches; 0 when {@link #complete}. A copy that only a worker
     * which is down could hold doesn't count, as nothing is being done about it.
     */
    int missingCopies();

    /** What has partitions of which no copy is left, named as in {@link Holding#what}. */
    Set<String> lossyCaches();

    /**
     * Something that only the given nodes hold.
     *
     * @param what "dataset NAME", or "cache NAME" for other caches
     * @param partitions how many of its partitions
     * @param entries how many entries in them
     */
    record Holding(String what, int partitions, long entries) {}
}
