package org.virtugrid.bench.bare;

import org.apache.ignite.lang.IgniteCallable;

/** Gives away what this node dealt to a range. */
final class FetchJob implements IgniteCallable<byte[]> {
    private static final long serialVersionUID = 1L;

    private final int range;

    FetchJob(int range) {
        this.range = range;
    }

    @Override
    public byte[] call() {
        return Buckets.take(range);
    }
}
