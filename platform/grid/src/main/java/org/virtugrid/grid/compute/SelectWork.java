package org.virtugrid.grid.compute;

import java.io.ByteArrayOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.virtugrid.grid.dataset.ChunkLines;
import org.virtugrid.grid.dataset.ChunkRow;
import org.virtugrid.grid.dataset.DatasetCatalogue;
import org.virtugrid.grid.dataset.DatasetInfo;
import org.virtugrid.grid.dataset.OutputWriter;
import org.virtugrid.jobs.api.LineRecords;
import org.virtugrid.jobs.api.LineSelector;
import org.virtugrid.jobs.api.SelectingJob;

/**
 * Writes the lines that a job selects from the chunks of some partitions into an output dataset, chunk by chunk into the
 * same partition. The result lists, for each chunk, what it became.
 */
final class SelectWork extends UnitWork {
    private static final long serialVersionUID = 1L;

    private final String operation;
    private final Map<String, String> parameters;
    private final DatasetInfo dataset;
    private final DatasetInfo output;
    private final int[] partitions;

    SelectWork(TaskRecord task, DatasetInfo dataset, DatasetInfo output, int[] partitions) {
        this.operation = task.operation();
        this.parameters = task.parameters();
        this.dataset = dataset;
        this.output = output;
        this.partitions = partitions;
    }

    /** What one chunk became. */
    static final class Selected implements Serializable {
        private static final long serialVersionUID = 1L;

        private final int chunk;
        private final PackedRows rows;
        private final long lines;
        private final BitSet kept;

        Selected(int chunk, List<ChunkRow> rows, long lines, BitSet kept) {
            this.chunk = chunk;
            this.rows = new PackedRows(rows);
            this.lines = lines;
            this.kept = kept;
        }

        int chunk() {
            return chunk;
        }

        List<ChunkRow> rows() {
            return rows.rows();
        }

        long lines() {
            return lines;
        }

        /** Which of its lines were kept. */
        BitSet kept() {
            return kept;
        }
    }

    @Override
    Serializable run(WorkerRuntime worker, Unit unit) throws Exception {
        List<ChunkRow> table = new DatasetCatalogue(worker.ignite()).table(dataset);
        List<Integer> chunks = WorkChunks.data(table, partitions);
        unit.total(chunks.size());
        AtomicInteger next = new AtomicInteger();
        List<Callable<List<Selected>>> threads = new ArrayList<>();
        for (int i = 0; i < Math.min(worker.threads(), Math.max(1, chunks.size())); i++) {
            threads.add(() -> select(worker, unit, table, chunks, next));
        }
        ArrayList<Selected> all = new ArrayList<>();
        worker.inParallel(threads).forEach(all::addAll);
        return all;
    }

    private List<Selected> select(
            WorkerRuntime worker, Unit unit, List<ChunkRow> table, List<Integer> chunks, AtomicInteger next)
            throws Exception {
        LineSelector selector =
                ((SelectingJob<?>) worker.job(operation)).selector(worker.context(parameters, false, unit));
        ChunkLines reader = new ChunkLines(worker.ignite(), dataset, table, worker.longestLine());
        List<Selected> done = new ArrayList<>();
        for (int at = next.getAndIncrement(); at < chunks.size() && !unit.cancelled(); at = next.getAndIncrement()) {
            int chunk = chunks.get(at);
            LineRecords lines = FoldWork.lines(reader, dataset, chunk);
            BitSet kept = new BitSet();
            ByteArrayOutputStream selected = new ByteArrayOutputStream();
            int count = 0;
            while (lines.next()) {
                if (selector.keep(lines.array(), lines.offset(), lines.length())) {
                    kept.set(count);
                    selected.write(lines.array(), lines.offset(), lines.length());
                    selected.write('\n');
                }
                count++;
            }
            done.add(new Selected(chunk, store(worker, table.get(chunk), chunk, selected), count, kept));
            unit.advance(1);
        }
        return done;
    }

    private List<ChunkRow> store(WorkerRuntime worker, ChunkRow input, int chunk, ByteArrayOutputStream selected) {
        if (selected.size() == 0) {
            return List.of();
        }
        OutputWriter writer = new OutputWriter(worker.ignite(), output, chunk, input.partition());
        byte[] bytes = selected.toByteArray();
        if (dataset.strategy() == org.virtugrid.grid.dataset.PartitionStrategy.KEY) {
            // A window has one chunk a partition, however large.
            writer.chunk(bytes, ChunkRow.Kind.DATA);
        } else {
            writer.write(bytes, 0, bytes.length);
        }
        return writer.store();
    }

    @Override
    public String toString() {
        return operation + Arrays.toString(partitions);
    }
}
