package org.virtugrid.grid.compute;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.virtugrid.grid.dataset.ChunkRow;
import org.virtugrid.grid.dataset.DatasetInfo;
import org.virtugrid.grid.dataset.OutputWriter;
import org.virtugrid.jobs.sort.LineOrder;
import org.virtugrid.jobs.sort.LineSorter;
import org.virtugrid.jobs.sort.LineSource;
import org.virtugrid.jobs.sort.RunMerger;
import org.virtugrid.jobs.sort.StreamLines;

/**
 * Sorts ranges: brings the lines of a range from all workers, sorts them, writes them as a part of the output. A range
 * that outgrows its memory, such as one of many equal lines, goes through sorted files.
 */
final class SortRange extends UnitWork {
    private static final long serialVersionUID = 1L;
    private static final long MEMORY_SHARE = 3;
    private static final long SMALLEST_RUN = 8 << 20;
    private static final int FILE_BUFFER = 1 << 18;

    private final Map<String, String> parameters;
    private final DatasetInfo output;
    private final ArrayList<SortSource> sources;
    private final int[] ranges;

    SortRange(TaskRecord task, DatasetInfo output, List<SortSource> sources, int[] ranges) {
        this.parameters = task.parameters();
        this.output = output;
        this.sources = new ArrayList<>(sources);
        this.ranges = ranges;
    }

    /** What became of the ranges: chunks of those that were sorted, workers whose lines could not be had. */
    static final class Sorted implements Serializable {
        private static final long serialVersionUID = 1L;

        private final HashMap<Integer, PackedRows> rows = new HashMap<>();
        private final HashSet<UUID> lost = new HashSet<>();

        Map<Integer, List<ChunkRow>> rows() {
            Map<Integer, List<ChunkRow>> unpacked = new HashMap<>();
            rows.forEach((range, packed) -> unpacked.put(range, packed.rows()));
            return unpacked;
        }

        Set<UUID> lost() {
            return lost;
        }
    }

    @Override
    Serializable run(WorkerRuntime worker, Unit unit) throws Exception {
        long total = 0;
        for (int range : ranges) {
            for (SortSource source : sources) {
                total += source.size(range);
            }
        }
        unit.total(2 * total);
        AtomicInteger next = new AtomicInteger();
        Sorted result = new Sorted();
        int threads = Math.min(worker.threads(), ranges.length);
        List<Callable<Void>> parts = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            parts.add(() -> {
                for (int at = next.getAndIncrement(); at < ranges.length; at = next.getAndIncrement()) {
                    sort(worker, unit, ranges[at], threads, result);
                }
                return null;
            });
        }
        worker.inParallel(parts);
        return result;
    }

    private void sort(WorkerRuntime worker, Unit unit, int range, int threads, Sorted result) throws Exception {
        try {
            List<ChunkRow> rows = sort(worker, unit, range, threads);
            synchronized (result) {
                result.rows.put(range, new PackedRows(rows));
            }
        } catch (SpillReader.GoneException e) {
            synchronized (result) {
                result.lost.add(e.node());
            }
        }
    }

    private List<ChunkRow> sort(WorkerRuntime worker, Unit unit, int range, int threads) throws Exception {
        long memory = Math.max(SMALLEST_RUN, Runtime.getRuntime().maxMemory() / MEMORY_SHARE / threads);
        long bytes = sources.stream().mapToLong(source -> source.size(range)).sum();
        LineOrder order = new LineOrder(TaskParameters.ofJob(parameters));
        LineSorter sorter = new LineSorter(order, (int) Math.min(bytes + 1024, memory / 2));
        List<Path> runs = new ArrayList<>();
        for (SortSource source : sources) {
            try (InputStream in = SpillReader.open(worker, source, range)) {
                StreamLines lines = new StreamLines(in, FILE_BUFFER);
                while (lines.next()) {
                    if (sorter.count() > 0 && sorter.bytes() + lines.length() > memory) {
                        runs.add(spill(worker, unit, range, runs.size(), sorter));
                    }
                    sorter.add(lines.array(), lines.offset(), lines.length());
                    unit.advance(lines.length() + 1L);
                    if (unit.cancelled()) {
                        throw new PartMovedException("cancelled");
                    }
                }
            }
        }
        sorter.sort();
        OutputWriter writer = new OutputWriter(worker.ignite(), output, range, -1);
        OutputStream counted = new Advancing(writer, unit);
        if (runs.isEmpty()) {
            sorter.writeTo(counted);
        } else {
            merge(order, runs, sorter, counted);
        }
        return List.copyOf(writer.store());
    }

    private static Path spill(WorkerRuntime worker, Unit unit, int range, int number, LineSorter sorter)
            throws IOException {
        sorter.sort();
        Path run = worker.spills().folder(unit.key()).resolve("run-" + range + "-" + number);
        try (OutputStream out = new BufferedOutputStream(Spills.write(run), FILE_BUFFER)) {
            sorter.writeTo(out);
        }
        sorter.clear();
        return run;
    }

    private static void merge(LineOrder order, List<Path> runs, LineSorter last, OutputStream out) throws Exception {
        List<InputStream> files = new ArrayList<>();
        try {
            List<LineSource> lines = new ArrayList<>();
            for (Path run : runs) {
                InputStream file = Spills.read(run);
                files.add(file);
                lines.add(new StreamLines(file, FILE_BUFFER));
            }
            lines.add(last.sorted());
            RunMerger.merge(order, lines, out);
        } finally {
            for (InputStream file : files) {
                file.close();
            }
            for (Path run : runs) {
                Files.deleteIfExists(run);
            }
        }
    }

    /** Tells the unit how far the writing is. */
    private static final class Advancing extends OutputStream {
        private final OutputStream out;
        private final Unit unit;

        Advancing(OutputStream out, Unit unit) {
            this.out = out;
            this.unit = unit;
        }

        @Override
        public void write(int single) throws IOException {
            out.write(single);
            unit.advance(1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            out.write(source, offset, length);
            unit.advance(length);
        }
    }
}
