package org.virtugrid.grid.compute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.ignite.Ignite;
import org.virtugrid.grid.dataset.ChunkRow;
import org.virtugrid.grid.dataset.DatasetCatalogue;
import org.virtugrid.grid.dataset.DatasetInfo;
import org.virtugrid.grid.dataset.PartitionStrategy;
import org.virtugrid.grid.dataset.TaskOutputs;
import org.virtugrid.jobs.sort.LineOrder;
import org.virtugrid.jobs.sort.Splitters;

/**
 * Sorts a dataset into a new one: sample lines, cut their order into ranges, deal every worker's lines into a file a
 * range, then sort each range on one worker and write it with its copies. No worker holds more than a range in memory.
 *
 * <p>After "Parallel sorting by regular sampling" (Shi and Schaeffer, 1992), with the sample drawn at positions that
 * depend on the data alone, so that every attempt cuts the same ranges and may use what an earlier one wrote.
 */
final class SortRun {
    private static final long RANGE_BYTES = 48 << 20;
    private static final int FEW_RANGES = 12;
    private static final int MOST_RANGES = 4096;
    private static final int SAMPLES_PER_RANGE = 200;
    private static final long SMALL_BYTES = 4 << 20;

    private final WorkerRuntime worker;
    private final Ignite ignite;
    private final Attempt attempt;
    private final TaskRecord task;
    private final DatasetInfo dataset;
    private final TaskOutputs outputs;
    private final List<ChunkRow> table;
    private final Map<Integer, SortSource> dealt = new HashMap<>();

    SortRun(WorkerRuntime worker, Attempt attempt, DatasetInfo dataset, TaskOutputs outputs) {
        this.worker = worker;
        this.ignite = worker.ignite();
        this.attempt = attempt;
        this.task = attempt.task();
        this.dataset = dataset;
        this.outputs = outputs;
        this.table = new DatasetCatalogue(ignite).table(dataset);
    }

    AttemptRunner.Outcome run() throws Exception {
        DatasetInfo output = outputs.begin(task.saveAs(), task.id(), PartitionStrategy.LINES, dataset.backups());
        List<byte[]> boundaries = boundaries();
        int ranges = boundaries.size() + 1;
        Map<Integer, List<ChunkRow>> sorted = new TreeMap<>();
        Set<Integer> open = new TreeSet<>(IntStream.range(0, ranges).boxed().toList());
        for (int round = 0; !open.isEmpty(); round++) {
            deal(boundaries);
            sortRanges(output, open, sorted, round);
            open.removeAll(sorted.keySet());
        }
        List<ChunkRow> rows = new ArrayList<>();
        sorted.values().forEach(rows::addAll);
        requireEveryByte(rows);
        DatasetInfo complete = outputs.complete(output, rows);
        return new AttemptRunner.Outcome(ResultJson.write(described(complete)), complete);
    }

    /** The last resort against losing a line: the output is as long as the input, but for a last line's missing end. */
    private void requireEveryByte(List<ChunkRow> rows) {
        long bytes = rows.stream().mapToLong(ChunkRow::size).sum();
        if (bytes != dataset.sizeBytes() && bytes != dataset.sizeBytes() + 1) {
            throw new IllegalStateException(
                    "the sorted lines have " + bytes + " bytes, the dataset " + dataset.sizeBytes());
        }
    }

    /** The new dataset; its name also as {@code dataset}, which is what every task calls its output. */
    private static Map<String, Object> described(DatasetInfo output) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("dataset", output.name());
        result.put("datasetId", output.name());
        result.put("sizeBytes", output.sizeBytes());
        result.put("chunks", output.chunks());
        result.put("backups", output.backups());
        return result;
    }

    /**
     * Into how many ranges so many bytes are cut. Depends on nothing that may change between two attempts, such as how many
     * workers there are: each attempt takes over what the one before it has dealt and sorted.
     */
    static int ranges(long bytes) {
        long forMemory = bytes / RANGE_BYTES + 1;
        long forWorkers = Math.min(FEW_RANGES, (bytes - 1) / SMALL_BYTES + 1);
        return (int) Math.min(MOST_RANGES, Math.max(forMemory, forWorkers));
    }

    private List<byte[]> boundaries() throws Exception {
        int ranges = ranges(dataset.sizeBytes());
        if (ranges == 1) {
            return List.of();
        }
        List<byte[]> sample = Collections.synchronizedList(new ArrayList<>());
        int chunks = (int)
                table.stream().filter(row -> row.kind() != ChunkRow.Kind.ORDER).count();
        int perChunk = Math.max(2, ranges * SAMPLES_PER_RANGE / Math.min(chunks, SortSample.MOST_CHUNKS) + 1);
        new PartsRun(
                        worker,
                        attempt,
                        "sample",
                        new DatasetMapping(ignite, dataset, table),
                        parts -> new SortSample(dataset, parts, perChunk),
                        (node, unit, parts, lines) -> {
                            for (Object line : (List<?>) lines) {
                                sample.add((byte[]) line);
                            }
                        },
                        0,
                        0.05)
                .run(WorkChunks.partitions(table));
        LineOrder order = new LineOrder(attempt.parameters());
        // Workers answer in any order; the same sample must give the same ranges.
        sample.sort(Arrays::compareUnsigned);
        return Splitters.choose(order, sample, ranges).boundaries();
    }

    /** Deals the lines of all partitions whose files are not there, or not there any more. */
    private void deal(List<byte[]> boundaries) throws Exception {
        dealt.values().removeIf(source -> ignite.cluster().node(source.node()) == null);
        Set<Integer> missing = new HashSet<>();
        WorkChunks.partitions(table).forEach(missing::add);
        missing.removeAll(dealt.keySet());
        new PartsRun(
                        worker,
                        attempt,
                        "deal",
                        new DatasetMapping(ignite, dataset, table),
                        parts -> new SortDeal(task, dataset, boundaries, parts),
                        (node, unit, parts, sizes) -> {
                            SortSource source = new SortSource(node, unit, (long[]) sizes);
                            for (int part : parts) {
                                dealt.put(part, source);
                            }
                        },
                        0.05,
                        0.4)
                .run(missing);
    }

    private void sortRanges(DatasetInfo output, Set<Integer> open, Map<Integer, List<ChunkRow>> sorted, int round)
            throws Exception {
        List<SortSource> sources = dealt.values().stream().distinct().toList();
        Set<UUID> lost = new HashSet<>();
        new PartsRun(
                        worker,
                        attempt,
                        "range-" + round,
                        PartsRun.dealt(ignite),
                        parts -> new SortRange(task, output, sources, parts),
                        (node, unit, parts, made) -> {
                            SortRange.Sorted result = (SortRange.Sorted) made;
                            sorted.putAll(result.rows());
                            lost.addAll(result.lost());
                        },
                        0.4,
                        0.98)
                .run(open);
        dealt.values().removeIf(source -> lost.contains(source.node()));
    }
}
