package org.virtugrid.grid.compute;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.virtugrid.grid.dataset.ChunkLines;
import org.virtugrid.grid.dataset.ChunkRow;
import org.virtugrid.grid.dataset.DatasetCatalogue;
import org.virtugrid.grid.dataset.DatasetInfo;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.Job;
import org.virtugrid.jobs.api.LineRecords;

/** Folds the chunks of some partitions of a dataset with a job; the result is one partial. */
final class FoldWork extends UnitWork {
    private static final long serialVersionUID = 1L;

    private final String operation;
    private final Map<String, String> parameters;
    private final DatasetInfo dataset;
    private final int[] partitions;
    private final byte[] begin;

    /**
     * Partitions to fold.
     *
     * @param begin the partial that every thread begins with, or null for a fresh one
     */
    FoldWork(TaskRecord task, DatasetInfo dataset, int[] partitions, byte[] begin) {
        this.operation = task.operation();
        this.parameters = task.parameters();
        this.dataset = dataset;
        this.partitions = partitions;
        this.begin = begin;
    }

    @Override
    Serializable run(WorkerRuntime worker, Unit unit) throws Exception {
        List<ChunkRow> table = new DatasetCatalogue(worker.ignite()).table(dataset);
        List<Integer> chunks = WorkChunks.data(table, partitions);
        unit.total(chunks.size());
        AtomicInteger next = new AtomicInteger();
        List<Callable<Serializable>> threads = new ArrayList<>();
        for (int i = 0; i < Math.min(worker.threads(), Math.max(1, chunks.size())); i++) {
            threads.add(() -> fold(worker, unit, table, chunks, next));
        }
        List<Serializable> partials = worker.inParallel(threads);
        Job<Serializable> job = worker.job(operation);
        UnitContext context = worker.context(parameters, false, unit);
        Serializable total = partials.get(0);
        for (Serializable partial : partials.subList(1, partials.size())) {
            total = job.reduce(context, total, partial);
        }
        return total;
    }

    private Serializable fold(
            WorkerRuntime worker, Unit unit, List<ChunkRow> table, List<Integer> chunks, AtomicInteger next)
            throws Exception {
        Job<Serializable> job = worker.job(operation);
        UnitContext context = worker.context(parameters, false, unit);
        ChunkLines reader = new ChunkLines(worker.ignite(), dataset, table, worker.longestLine());
        Serializable partial = begin == null ? job.create(context) : Partials.read(begin, worker.jobLoader());
        for (int at = next.getAndIncrement(); at < chunks.size() && !unit.cancelled(); at = next.getAndIncrement()) {
            partial = job.fold(context, partial, lines(reader, dataset, chunks.get(at)));
            unit.advance(1);
        }
        return partial;
    }

    /** The lines of a chunk; the exceptions of a unit's work where there are none. */
    static LineRecords lines(ChunkLines reader, DatasetInfo dataset, int index)
            throws InvalidJobException, PartMovedException {
        try {
            return reader.lines(index)
                    .orElseThrow(() -> new PartMovedException(
                            "chunk " + index + " of " + dataset.name() + " is not here any more"));
        } catch (ChunkLines.LineTooLongException e) {
            throw new InvalidJobException("line", e.getMessage(), "use workers with more memory");
        }
    }
}
