package org.virtugrid.grid.compute;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.virtugrid.grid.dataset.ChunkLines;
import org.virtugrid.grid.dataset.ChunkRow;
import org.virtugrid.grid.dataset.DatasetCatalogue;
import org.virtugrid.grid.dataset.DatasetInfo;
import org.virtugrid.jobs.api.LineRecords;
import org.virtugrid.jobs.sort.LineOrder;
import org.virtugrid.jobs.sort.Splitters;

/** Deals the lines of some partitions into a file a range; the result is the sizes of the files. */
final class SortDeal extends UnitWork {
    private static final long serialVersionUID = 1L;
    private static final int BUFFERS_BYTES = 16 << 20;

    private final Map<String, String> parameters;
    private final DatasetInfo dataset;
    private final ArrayList<byte[]> boundaries;
    private final int[] partitions;

    SortDeal(TaskRecord task, DatasetInfo dataset, List<byte[]> boundaries, int[] partitions) {
        this.parameters = task.parameters();
        this.dataset = dataset;
        this.boundaries = new ArrayList<>(boundaries);
        this.partitions = partitions;
    }

    @Override
    Serializable run(WorkerRuntime worker, Unit unit) throws Exception {
        List<ChunkRow> table = new DatasetCatalogue(worker.ignite()).table(dataset);
        List<Integer> chunks = WorkChunks.data(table, partitions);
        unit.total(chunks.size());
        AtomicInteger next = new AtomicInteger();
        Path folder = worker.spills().folder(unit.key());
        OutputStream[] files = new OutputStream[boundaries.size() + 1];
        try {
            for (int range = 0; range < files.length; range++) {
                files[range] = Spills.write(folder.resolve(SortSource.fileName(range)));
            }
            List<Callable<long[]>> threads = new ArrayList<>();
            for (int i = 0; i < Math.min(worker.threads(), Math.max(1, chunks.size())); i++) {
                threads.add(() -> deal(worker, unit, table, chunks, next, files));
            }
            long[] sizes = new long[files.length];
            for (long[] part : worker.inParallel(threads)) {
                for (int range = 0; range < sizes.length; range++) {
                    sizes[range] += part[range];
                }
            }
            return sizes;
        } finally {
            for (OutputStream file : files) {
                if (file != null) {
                    file.close();
                }
            }
        }
    }

    private long[] deal(
            WorkerRuntime worker,
            Unit unit,
            List<ChunkRow> table,
            List<Integer> chunks,
            AtomicInteger next,
            OutputStream[] files)
            throws Exception {
        LineOrder order = new LineOrder(TaskParameters.ofJob(parameters));
        Splitters splitters = new Splitters(order, boundaries);
        ChunkLines reader = new ChunkLines(worker.ignite(), dataset, table, worker.longestLine());
        long[] sizes = new long[files.length];
        OutputStream[] buffers = new OutputStream[files.length];
        int bufferBytes = Math.max(8192, BUFFERS_BYTES / worker.threads() / files.length);
        for (int range = 0; range < files.length; range++) {
            buffers[range] = new BufferedOutputStream(new WholeWrites(files[range]), Math.min(1 << 20, bufferBytes));
        }
        for (int at = next.getAndIncrement(); at < chunks.size() && !unit.cancelled(); at = next.getAndIncrement()) {
            LineRecords lines = FoldWork.lines(reader, dataset, chunks.get(at));
            while (lines.next()) {
                int range = splitters.rangeOf(lines.array(), lines.offset(), lines.length());
                buffers[range].write(lines.array(), lines.offset(), lines.length());
                buffers[range].write('\n');
                sizes[range] += lines.length() + 1;
            }
            unit.advance(1);
            for (OutputStream buffer : buffers) {
                // Ends at a line's end, so that threads may share the file.
                buffer.flush();
            }
        }
        return sizes;
    }

    /** Collects writes up to a flush and makes them one, since several threads append to the same file. */
    private static final class WholeWrites extends OutputStream {
        private final OutputStream file;
        private final java.io.ByteArrayOutputStream held = new java.io.ByteArrayOutputStream();

        WholeWrites(OutputStream file) {
            this.file = file;
        }

        @Override
        public void write(int single) {
            held.write(single);
        }

        @Override
        public void write(byte[] source, int offset, int length) {
            held.write(source, offset, length);
        }

        @Override
        public void flush() throws IOException {
            if (held.size() > 0) {
                synchronized (file) {
                    held.writeTo(file);
                }
                held.reset();
            }
        }
    }
}
