package org.virtugrid.bench.bare;

import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.lang.IgniteCallable;
import org.apache.ignite.lang.IgniteFuture;
import org.apache.ignite.resources.IgniteInstanceResource;
import org.virtugrid.bench.Hashes;
import org.virtugrid.jobs.api.JobParameters;
import org.virtugrid.jobs.sort.LineOrder;
import org.virtugrid.jobs.sort.LineSorter;

/** Brings the lines of a range together, sorts them and stores them as chunks with their copies. */
final class RangeJob implements IgniteCallable<int[]> {
    private static final long serialVersionUID = 1L;

    private static final int CHUNK = 1 << 20;
    private static final int PUTS_UNDER_WAY = 4;
    private static final int RANGE_SHIFT = 20;

    private final int range;
    private final ArrayList<UUID> nodes;

    @IgniteInstanceResource
    private transient Ignite ignite;

    RangeJob(int range, Collection<UUID> nodes) {
        this.range = range;
        this.nodes = new ArrayList<>(nodes);
    }

    static long key(int range, int number) {
        return ((long) range << RANGE_SHIFT) + number;
    }

    @Override
    public int[] call() throws Exception {
        List<byte[]> parts = new ArrayList<>();
        List<IgniteFuture<byte[]>> fetched = new ArrayList<>();
        UUID local = ignite.cluster().localNode().id();
        for (UUID node : nodes) {
            if (!node.equals(local)) {
                fetched.add(ignite.compute(ignite.cluster().forNodeId(node)).callAsync(new FetchJob(range)));
            }
        }
        parts.add(Buckets.take(range));
        fetched.forEach(part -> parts.add(part.get()));
        LineSorter sorter = new LineSorter(
                new LineOrder(new JobParameters(Map.of())),
                parts.stream().mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            for (int start = 0; start < part.length; ) {
                int end = Lines.end(part, start);
                sorter.add(part, start, end - start);
                start = end + 1;
            }
        }
        parts.clear();
        sorter.sort();
        Chunks chunks = new Chunks();
        sorter.writeTo(chunks);
        return chunks.store();
    }

    /** Cuts a stream into chunks and stores them, a few at a time. */
    private final class Chunks extends OutputStream {
        private final IgniteCache<Long, byte[]> cache = ignite.cache(BareConfig.SORTED);
        private final Deque<IgniteFuture<Void>> underWay = new ArrayDeque<>();
        private final List<Integer> crcs = new ArrayList<>();
        private byte[] chunk = new byte[CHUNK];
        private int used;

        @Override
        public void write(int single) {
            write(new byte[] {(byte) single}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) {
            for (int done = 0; done < length; ) {
                int some = Math.min(length - done, CHUNK - used);
                System.arraycopy(source, offset + done, chunk, used, some);
                used += some;
                done += some;
                if (used == CHUNK) {
                    put(chunk);
                    chunk = new byte[CHUNK];
                    used = 0;
                }
            }
        }

        private void put(byte[] value) {
            while (underWay.size() >= PUTS_UNDER_WAY) {
                underWay.remove().get();
            }
            underWay.add(cache.putAsync(key(range, crcs.size()), value));
            crcs.add(Hashes.crc(value));
        }

        int[] store() {
            if (used > 0) {
                put(Arrays.copyOf(chunk, used));
            }
            underWay.forEach(IgniteFuture::get);
            return crcs.stream().mapToInt(Integer::intValue).toArray();
        }
    }
}
