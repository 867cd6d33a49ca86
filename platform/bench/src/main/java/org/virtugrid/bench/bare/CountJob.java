package org.virtugrid.bench.bare;

import org.apache.ignite.Ignite;
import org.apache.ignite.lang.IgniteCallable;
import org.apache.ignite.resources.IgniteInstanceResource;
import org.virtugrid.jobs.value.ByteCounts;

/** Counts the words of some partitions. */
final class CountJob implements IgniteCallable<ByteCounts> {
    private static final long serialVersionUID = 1L;

    private final int[] partitions;

    @IgniteInstanceResource
    private transient Ignite ignite;

    CountJob(int[] partitions) {
        this.partitions = partitions;
    }

    @Override
    public ByteCounts call() throws Exception {
        ByteCounts counts = new ByteCounts();
        new LocalChunks(ignite, partitions).forEach(chunk -> counts.addWords(chunk, 0, chunk.length));
        return counts;
    }
}
