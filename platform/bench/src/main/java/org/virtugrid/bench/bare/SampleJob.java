package org.virtugrid.bench.bare;

import java.util.ArrayList;
import java.util.List;
import org.apache.ignite.Ignite;
import org.apache.ignite.lang.IgniteCallable;
import org.apache.ignite.resources.IgniteInstanceResource;

/** Takes some lines of every chunk. */
final class SampleJob implements IgniteCallable<List<byte[]>> {
    private static final long serialVersionUID = 1L;

    private static final int EVERY_BYTES = 64 << 10;

    private final int[] partitions;

    @IgniteInstanceResource
    private transient Ignite ignite;

    SampleJob(int[] partitions) {
        this.partitions = partitions;
    }

    @Override
    public List<byte[]> call() throws Exception {
        List<byte[]> lines = new ArrayList<>();
        new LocalChunks(ignite, partitions).forEach(chunk -> {
            for (int from = 0; from < chunk.length; from += EVERY_BYTES) {
                int start = Lines.end(chunk, from) + 1;
                if (start < chunk.length) {
                    lines.add(java.util.Arrays.copyOfRange(chunk, start, Lines.end(chunk, start)));
                }
            }
        });
        return lines;
    }
}
