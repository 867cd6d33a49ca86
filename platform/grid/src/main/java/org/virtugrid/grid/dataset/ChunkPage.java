package org.virtugrid.grid.dataset;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** A page of a chunk table as it is stored: columns of primitives, so that a million chunks stay small. */
final class ChunkPage implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Rows of a full page. */
    static final int ROWS = 64;

    private final long[] keys;
    private final int[] sizes;
    private final int[] skips;
    private final int[] crcs;
    private final byte[] kinds;

    ChunkPage(List<ChunkRow> rows) {
        int count = rows.size();
        keys = new long[count];
        sizes = new int[count];
        skips = new int[count];
        crcs = new int[count];
        kinds = new byte[count];
        for (int i = 0; i < count; i++) {
            ChunkRow row = rows.get(i);
            keys[i] = row.key();
            sizes[i] = row.size();
            skips[i] = row.skip();
            crcs[i] = row.crc();
            kinds[i] = row.kind().code();
        }
    }

    List<ChunkRow> rows() {
        List<ChunkRow> rows = new ArrayList<>(keys.length);
        for (int i = 0; i < keys.length; i++) {
            rows.add(new ChunkRow(keys[i], sizes[i], skips[i], crcs[i], ChunkRow.Kind.of(kinds[i])));
        }
        return rows;
    }
}
