package org.virtugrid.bench.bare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.ignite.Ignite;
import org.apache.ignite.lang.IgniteCallable;
import org.apache.ignite.resources.IgniteInstanceResource;
import org.virtugrid.jobs.api.JobParameters;
import org.virtugrid.jobs.sort.LineOrder;
import org.virtugrid.jobs.sort.Splitters;

/** Deals the lines of some partitions to ranges, in memory. */
final class DealJob implements IgniteCallable<Integer> {
    private static final long serialVersionUID = 1L;

    private final int[] partitions;
    private final ArrayList<byte[]> boundaries;
    private final int expectedBytes;

    @IgniteInstanceResource
    private transient Ignite ignite;

    DealJob(int[] partitions, List<byte[]> boundaries, int expectedBytes) {
        this.partitions = partitions;
        this.boundaries = new ArrayList<>(boundaries);
        this.expectedBytes = expectedBytes;
    }

    @Override
    public Integer call() throws Exception {
        Splitters splitters = new Splitters(new LineOrder(new JobParameters(Map.of())), boundaries);
        Buckets.Bucket[] buckets = new Buckets.Bucket[boundaries.size() + 1];
        for (int range = 0; range < buckets.length; range++) {
            buckets[range] = new Buckets.Bucket(expectedBytes);
        }
        new LocalChunks(ignite, partitions).forEach(chunk -> {
            for (int start = 0; start < chunk.length; ) {
                int end = Lines.end(chunk, start);
                buckets[splitters.rangeOf(chunk, start, end - start)].add(chunk, start, end - start);
                start = end + 1;
            }
        });
        for (int range = 0; range < buckets.length; range++) {
            Buckets.keep(range, buckets[range]);
        }
        return buckets.length;
    }
}
