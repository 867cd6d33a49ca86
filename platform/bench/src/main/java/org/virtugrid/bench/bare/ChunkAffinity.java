package org.virtugrid.bench.bare;

import org.apache.ignite.cache.affinity.rendezvous.RendezvousAffinityFunction;

/** Deals chunks with numbers in a row to all partitions alike. */
public final class ChunkAffinity extends RendezvousAffinityFunction {
    private static final long serialVersionUID = 1L;

    private static final int PARTITIONS = 64;

    /** Needed by Ignite. */
    public ChunkAffinity() {
        super(false, PARTITIONS);
    }

    @Override
    public int partition(Object key) {
        return key instanceof Long number ? (int) (number & (PARTITIONS - 1)) : super.partition(key);
    }
}
