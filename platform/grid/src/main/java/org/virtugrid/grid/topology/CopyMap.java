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

    /**
     * Datasets of which these nodes alone own some partitions, though no chunk lies there. Nothing of them is lost without the
     * nodes, but Ignite counts such partitions as lost until the nodes are back, and the datasets can't be read meanwhile.
     */
    List<Holding> unreadableWithout(Set<UUID> nodeIds);

    /** What these nodes hold, also where others hold it, too; and how much of a safety would be left without them. */
    Share shareOf(Set<UUID> nodeIds);

    /**
     * Whether every partition of every cache on workers has all the copies that so many living workers could hold. Nobody fills
     * the place of a worker that is down as long as the baseline has it; so with one down this is false in most grids.
     */
    boolean complete();

    /**
     * Copies that are still being made on living workers, or wait for one that is down, over all caches; 0 when
     * {@link #complete}. Of a partition no more are missed than so many living workers could hold.
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

    /**
     * The part of the data that some nodes hold.
     *
     * @param holdings partitions and entries of each cache, each counted once
     * @param leastCopies the fewest copies that any partition of it with entries has on other nodes; -1 when there is none
     */
    record Share(List<Holding> holdings, int leastCopies) {}
}
