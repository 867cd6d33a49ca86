package org.virtugrid.grid.compute;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.virtugrid.grid.dataset.ChunkRow;

/** Which chunks of a table a unit works on. */
final class WorkChunks {
    private WorkChunks() {}

    /** Indexes of the chunks with data in these partitions. */
    static List<Integer> data(List<ChunkRow> table, int[] partitions) {
        BitSet wanted = new BitSet();
        Arrays.stream(partitions).forEach(wanted::set);
        return IntStream.range(0, table.size())
                .filter(index -> table.get(index).kind() != ChunkRow.Kind.ORDER
                        && wanted.get(table.get(index).partition()))
                .boxed()
                .toList();
    }

    /** The bytes of all chunks of each partition that has any. */
    static Map<Integer, Long> bytes(List<ChunkRow> table) {
        Map<Integer, Long> bytes = new HashMap<>();
        table.forEach(row -> bytes.merge(row.partition(), (long) row.size(), Long::sum));
        return bytes;
    }

    /** The partitions that have any chunk. */
    static Iterable<Integer> partitions(List<ChunkRow> table) {
        TreeSet<Integer> partitions = new TreeSet<>();
        table.forEach(row -> partitions.add(row.partition()));
        return partitions;
    }
}
