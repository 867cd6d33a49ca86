package org.virtugrid.grid.compute;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.virtugrid.grid.dataset.ChunkLines;
import org.virtugrid.grid.dataset.ChunkRow;
import org.virtugrid.grid.dataset.DatasetCatalogue;
import org.virtugrid.grid.dataset.DatasetInfo;
import org.virtugrid.jobs.api.LineRecords;

/** Draws lines from some chunks of a dataset, at positions that depend on the chunk's number alone. */
final class SortSample extends UnitWork {
    /** Chunks that are looked at, over the whole dataset. */
    static final int MOST_CHUNKS = 48;

    private static final long serialVersionUID = 1L;
    private static final int LONGEST_SAMPLE = 1024;

    private final DatasetInfo dataset;
    private final int[] partitions;
    private final int perChunk;

    SortSample(DatasetInfo dataset, int[] partitions, int perChunk) {
        this.dataset = dataset;
        this.partitions = partitions;
        this.perChunk = perChunk;
    }

    @Override
    Serializable run(WorkerRuntime worker, Unit unit) throws Exception {
        List<ChunkRow> table = new DatasetCatalogue(worker.ignite()).table(dataset);
        ChunkLines reader = new ChunkLines(worker.ignite(), dataset, table, worker.longestLine());
        int step = Math.max(1, table.size() / MOST_CHUNKS);
        ArrayList<byte[]> sample = new ArrayList<>();
        List<Integer> chunks = WorkChunks.data(table, partitions);
        unit.total(chunks.size());
        for (int chunk : chunks) {
            if (chunk % step == 0 || table.size() <= MOST_CHUNKS) {
                draw(FoldWork.lines(reader, dataset, chunk), chunk, sample);
            }
            unit.advance(1);
        }
        return sample;
    }

    private void draw(LineRecords lines, int chunk, List<byte[]> sample) {
        int bytes = lines.regionEnd() - lines.regionStart();
        if (bytes == 0) {
            return;
        }
        SplittableRandom random = new SplittableRandom(chunk);
        for (int i = 0; i < perChunk; i++) {
            int at = lines.regionStart() + random.nextInt(bytes);
            LineRecords behind = new LineRecords(lines.array(), at, lines.regionEnd());
            // The first of them is the rest of the line that the position is in.
            boolean whole = behind.next();
            if (whole) {
                whole = behind.next();
            }
            if (!whole) {
                behind = new LineRecords(lines.array(), lines.regionStart(), lines.regionEnd());
                whole = behind.next();
            }
            if (whole && behind.length() <= LONGEST_SAMPLE) {
                sample.add(Arrays.copyOfRange(behind.array(), behind.offset(), behind.offset() + behind.length()));
            }
        }
    }
}
