package org.virtugrid.grid.compute;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.virtugrid.grid.dataset.ChunkRow;

/** Rows of a chunk table on their way between workers. */
final class PackedRows implements Serializable {
    private static final long serialVersionUID = 1L;

    private final long[] keys;
    private final int[] numbers;
    private final ChunkRow.Kind[] kinds;

    PackedRows(List<ChunkRow> rows) {
        keys = new long[rows.size()];
        numbers = new int[rows.size() * 3];
        kinds = new ChunkRow.Kind[rows.size()];
        for (int i = 0; i < keys.length; i++) {
            ChunkRow row = rows.get(i);
            keys[i] = row.key();
            numbers[3 * i] = row.size();
            numbers[3 * i + 1] = row.skip();
            numbers[3 * i + 2] = row.crc();
            kinds[i] = row.kind();
        }
    }

    List<ChunkRow> rows() {
        List<ChunkRow> rows = new ArrayList<>(keys.length);
        for (int i = 0; i < keys.length; i++) {
            rows.add(new ChunkRow(keys[i], numbers[3 * i], numbers[3 * i + 1], numbers[3 * i + 2], kinds[i]));
        }
        return rows;
    }
}
