package org.virtugrid.bench.bare;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.IgniteDataStreamer;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.lang.IgniteCallable;
import org.apache.ignite.lang.IgniteFuture;
import org.virtugrid.bench.Contender;
import org.virtugrid.bench.Hashes;
import org.virtugrid.bench.Stopwatch;
import org.virtugrid.bench.WordResult;
import org.virtugrid.jobs.api.JobParameters;
import org.virtugrid.jobs.sort.LineOrder;
import org.virtugrid.jobs.sort.Splitters;
import org.virtugrid.jobs.value.ByteCounts;

/** The works over bare Ignite. */
public final class BareIgnite implements Contender {
    private static final int CHUNK = 1 << 20;
    private static final int RANGES = 6;
    private static final int BATCH = 50;
    private static final int BATCHES_UNDER_WAY = 20;

    private final BareGrid grid;
    private final boolean durable;
    private long bytes;

    /** Starts the nodes; without durability all stays in memory and small tasks leave no record. */
    public BareIgnite(Path folder, long workerBytes, boolean durable) throws IOException, InterruptedException {
        this.durable = durable;
        this.grid = new BareGrid(folder);
        try {
            grid.start(workerBytes, durable);
        } catch (IOException | InterruptedException | RuntimeException e) {
            grid.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return durable ? "bare-ignite" : "bare-ignite-memory";
    }

    private Ignite ignite() {
        return grid.client();
    }

    private <V> IgniteCache<Long, V> fresh(String name) {
        ignite().destroyCache(name);
        return ignite().getOrCreateCache(BareConfig.<Long, V>cache(name));
    }

    @Override
    public Done ingest(Path file) throws Exception {
        fresh(BareConfig.SORTED);
        IgniteCache<Long, byte[]> chunks = fresh(BareConfig.CHUNKS);
        Stopwatch watch = new Stopwatch(grid.pids());
        String sha256;
        List<Integer> crcs = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(file);
                IgniteDataStreamer<Long, byte[]> streamer = ignite().dataStreamer(BareConfig.CHUNKS)) {
            bytes = channel.size();
            MappedByteBuffer text = channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes);
            CompletableFuture<String> hash = CompletableFuture.supplyAsync(() -> {
                MessageDigest digest = Hashes.sha256();
                digest.update(text.duplicate());
                return Hashes.hex(digest);
            });
            streamer.allowOverwrite(true);
            streamer.perNodeBufferSize(4);
            for (int at = 0; at < text.limit(); ) {
                byte[] chunk = new byte[chunkEnd(text, at) - at];
                text.get(at, chunk);
                streamer.addData((long) crcs.size(), chunk);
                crcs.add(Hashes.crc(chunk));
                at += chunk.length;
            }
            streamer.flush();
            sha256 = hash.get();
        }
        FileTable table =
                new FileTable(sha256, crcs.stream().mapToInt(Integer::intValue).toArray());
        ignite().<Integer, FileTable>cache(BareConfig.FILES).put(0, table);
        watch.stop();
        String stored = digest(
                chunks,
                IntStream.range(0, table.chunks())
                        .mapToObj(chunk -> (long) chunk)
                        .toList());
        if (!stored.equals(table.sha256())) {
            throw new IllegalStateException("what bare Ignite stored is not what it was given");
        }
        return watch.done(stored);
    }

    /** A chunk ends where a line ends. */
    private static int chunkEnd(MappedByteBuffer text, int from) {
        int end = Math.min(text.limit(), from + CHUNK);
        if (end == text.limit()) {
            return end;
        }
        for (int at = end; at > from; at--) {
            if (text.get(at - 1) == '\n') {
                return at;
            }
        }
        while (end < text.limit() && text.get(end - 1) != '\n') {
            end++;
        }
        return end;
    }

    private static String digest(IgniteCache<Long, byte[]> cache, List<Long> keys) {
        MessageDigest digest = Hashes.sha256();
        keys.forEach(key -> digest.update(cache.get(key)));
        return Hashes.hex(digest);
    }

    /** Does a job for all partitions, one call per node; what a lost node had is asked of others. */
    private <T> List<T> onPartitions(Function<int[], IgniteCallable<T>> job) {
        List<T> results = new ArrayList<>();
        Collection<Integer> left = new ArrayList<>(
                IntStream.range(0, affinity().partitions()).boxed().toList());
        while (!left.isEmpty()) {
            Map<ClusterNode, List<Integer>> byNode = new HashMap<>();
            affinity().mapPartitionsToNodes(left).forEach((partition, node) -> byNode.computeIfAbsent(
                            node, any -> new ArrayList<>())
                    .add(partition));
            Map<List<Integer>, IgniteFuture<T>> asked = new HashMap<>();
            byNode.forEach((node, partitions) -> asked.put(
                    partitions,
                    ignite().compute(ignite().cluster().forNode(node))
                            .withNoFailover()
                            .callAsync(job.apply(
                                    partitions.stream().mapToInt(p -> p).toArray()))));
            left = new ArrayList<>();
            for (Map.Entry<List<Integer>, IgniteFuture<T>> answer : asked.entrySet()) {
                try {
                    results.add(answer.getValue().get());
                } catch (org.apache.ignite.cluster.ClusterTopologyException e) {
                    left.addAll(answer.getKey());
                }
            }
        }
        return results;
    }

    private org.apache.ignite.cache.affinity.Affinity<Long> affinity() {
        return ignite().affinity(BareConfig.CHUNKS);
    }

    @Override
    public Done wordCount(Path file) {
        Stopwatch watch = new Stopwatch(grid.pids());
        ByteCounts counts =
                onPartitions(CountJob::new).stream().reduce(ByteCounts::join).orElseThrow();
        WordResult result = WordResult.of(counts);
        watch.stop();
        return watch.done(result);
    }

    @Override
    public Done sort(Path file) throws Exception {
        IgniteCache<Long, byte[]> output = fresh(BareConfig.SORTED);
        Stopwatch watch = new Stopwatch(grid.pids());
        List<byte[]> sample = new ArrayList<>();
        onPartitions(SampleJob::new).forEach(sample::addAll);
        sample.sort(Arrays::compareUnsigned);
        List<byte[]> boundaries = Splitters.choose(new LineOrder(new JobParameters(Map.of())), sample, RANGES)
                .boundaries();
        List<ClusterNode> nodes = List.copyOf(ignite().cluster().forServers().nodes());
        int ranges = boundaries.size() + 1;
        int expected = (int) (bytes / nodes.size() / ranges * 5 / 4) + 1024;
        onPartitions(partitions -> new DealJob(partitions, boundaries, expected));
        List<UUID> ids = nodes.stream().map(ClusterNode::id).toList();
        List<IgniteFuture<int[]>> sorted = new ArrayList<>();
        for (int range = 0; range < ranges; range++) {
            sorted.add(ignite().compute(ignite().cluster().forNode(nodes.get(range % nodes.size())))
                    .callAsync(new RangeJob(range, ids)));
        }
        List<Long> keys = new ArrayList<>();
        List<Integer> crcs = new ArrayList<>();
        for (int range = 0; range < ranges; range++) {
            for (int crc : sorted.get(range).get()) {
                keys.add(RangeJob.key(range, keys.size() - firstOf(keys, range)));
                crcs.add(crc);
            }
        }
        ignite().<Integer, FileTable>cache(BareConfig.FILES)
                .put(
                        1,
                        new FileTable(
                                "", crcs.stream().mapToInt(Integer::intValue).toArray()));
        watch.stop();
        return watch.done(digest(output, keys));
    }

    /** How many keys belong to ranges before this one. */
    private static int firstOf(List<Long> keys, int range) {
        int at = keys.size();
        while (at > 0 && keys.get(at - 1) >= RangeJob.key(range, 0)) {
            at--;
        }
        return at;
    }

    @Override
    public Done smallTasks(int tasks) throws Exception {
        IgniteCache<Long, TaskRow> records = fresh(BareConfig.TASKS);
        Stopwatch watch = new Stopwatch(grid.pids());
        Map<ClusterNode, List<Long>> waiting = new HashMap<>();
        Semaphore places = new Semaphore(BATCHES_UNDER_WAY);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        java.util.concurrent.atomic.AtomicLong sum = new java.util.concurrent.atomic.AtomicLong();
        org.apache.ignite.cache.affinity.Affinity<Long> places64 = ignite().affinity(BareConfig.TASKS);
        for (long id = 0; id < tasks; id++) {
            ClusterNode node = places64.mapKeyToNode(id);
            List<Long> batch = waiting.computeIfAbsent(node, any -> new ArrayList<>());
            batch.add(id);
            if (batch.size() == BATCH) {
                waiting.remove(node);
                send(node, batch, places, sum, failure);
            }
        }
        for (Map.Entry<ClusterNode, List<Long>> rest : waiting.entrySet()) {
            send(rest.getKey(), rest.getValue(), places, sum, failure);
        }
        places.acquire(BATCHES_UNDER_WAY);
        watch.stop();
        if (failure.get() != null) {
            throw new IgniteException("small tasks failed", failure.get());
        }
        if (durable) {
            checkRecords(records, tasks, sum.get());
        }
        return watch.done(sum.get());
    }

    private void send(
            ClusterNode node,
            List<Long> batch,
            Semaphore places,
            java.util.concurrent.atomic.AtomicLong sum,
            AtomicReference<Throwable> failure)
            throws InterruptedException {
        long[] ids = batch.stream().mapToLong(id -> id).toArray();
        long[] inputs = new long[3 * ids.length];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = ids[i / 3] + i % 3;
        }
        places.acquire();
        ignite().compute(ignite().cluster().forNode(node))
                .callAsync(new SmallJob(ids, inputs, durable))
                .listen(done -> {
                    try {
                        sum.addAndGet(Arrays.stream(done.get()).sum());
                    } catch (IgniteException e) {
                        failure.compareAndSet(null, e);
                    } finally {
                        places.release();
                    }
                });
    }

    private static void checkRecords(IgniteCache<Long, TaskRow> records, int tasks, long sum) {
        long recorded = 0;
        for (long id = 0; id < tasks; id++) {
            TaskRow row = records.get(id);
            if (row == null || !row.succeeded() || row.input().length != 3) {
                throw new IllegalStateException("task " + id + " of bare Ignite has no right record");
            }
            recorded += row.result();
        }
        if (recorded != sum) {
            throw new IllegalStateException("records of bare Ignite sum up to " + recorded + ", not to " + sum);
        }
    }

    @Override
    public void close() throws IOException {
        grid.close();
    }
}
