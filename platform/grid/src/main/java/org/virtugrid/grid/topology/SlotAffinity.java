package org.virtugrid.grid.topology;

import org.apache.ignite.cache.affinity.rendezvous.RendezvousAffinityFunction;

/**
 * Rendezvous affinity over a fixed number of partitions, in which a {@code Long} key names its partition itself by its
 * lowest bits. Copies avoid a common host where there are several.
 */
public final class SlotAffinity extends RendezvousAffinityFunction {
    private static final long serialVersionUID = 1L;

    /** Partitions of every cache: enough for twenty hosts, few enough to start fast. */
    public static final int PARTITIONS = 64;

    private static final int SLOT_BITS = 6;

    /** Needed by Ignite. */
    public SlotAffinity() {
        super(true, PARTITIONS);
    }

    @Override
    public int partition(Object key) {
        return key instanceof Long slotKey ? slot(slotKey) : super.partition(key);
    }

    /** The key with this number in this partition. */
    public static long key(long number, int slot) {
        return (number << SLOT_BITS) | slot;
    }

    /** The partition of a key. */
    public static int slot(long key) {
        return (int) (key & (PARTITIONS - 1));
    }
}
