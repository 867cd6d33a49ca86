package org.virtugrid.grid.compute;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.virtugrid.grid.dataset.ChunkRow;
import org.virtugrid.grid.dataset.DatasetInfo;
import org.virtugrid.grid.dataset.OutputWriter;

/**
 * The chunk table of a selection from a dataset that was dealt by key: each window keeps the order of the lines that were
 * kept.
 */
final class SelectedWindows {
    private final Ignite ignite;
    private final DatasetInfo input;
    private final DatasetInfo output;

    SelectedWindows(Ignite ignite, DatasetInfo input, DatasetInfo output) {
        this.ignite = ignite;
        this.input = input;
        this.output = output;
    }

    List<ChunkRow> rows(List<ChunkRow> table, Map<Integer, SelectWork.Selected> byChunk) {
        IgniteCache<Long, byte[]> chunks = ignite.cache(input.cacheName());
        List<ChunkRow> rows = new ArrayList<>();
        Map<Integer, SelectWork.Selected> window = new HashMap<>();
        for (int index = 0; index < table.size(); index++) {
            ChunkRow row = table.get(index);
            if (row.kind() != ChunkRow.Kind.ORDER) {
                window.put(row.partition(), byChunk.get(index));
                rows.addAll(byChunk.get(index).rows());
                continue;
            }
            byte[] order = kept(chunks.get(row.key()), window);
            if (order.length > 0) {
                OutputWriter writer = new OutputWriter(ignite, output, index, -1);
                writer.chunk(order, ChunkRow.Kind.ORDER);
                rows.addAll(writer.store());
            }
            window.clear();
        }
        return rows;
    }

    private static byte[] kept(byte[] order, Map<Integer, SelectWork.Selected> window) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        Map<Integer, Integer> lineOf = new HashMap<>();
        for (byte slot : order) {
            int line = lineOf.merge((int) slot, 1, Integer::sum) - 1;
            if (window.get((int) slot).kept().get(line)) {
                kept.write(slot);
            }
        }
        return kept.toByteArray();
    }
}
