package org.virtugrid.jobs.sort;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.virtugrid.jobs.api.InvalidJobException;

/**
 * Cuts an order of lines into ranges: range 0 holds what belongs before the first boundary line, the last range what
 * does not belong before the last one. Equal lines are always in one range. One instance a thread.
 */
public final class Splitters {
    private final LineOrder order;
    private final List<byte[]> boundaries;
    /** The boundaries' sort records. */
    private final byte[][] records;

    private final SortKey scratch = new SortKey();

    /** Cuts at the given lines, which are in order. */
    public Splitters(LineOrder order, List<byte[]> boundaries) throws InvalidJobException {
        this.order = order;
        this.boundaries = List.copyOf(boundaries);
        this.records = new byte[boundaries.size()][];
        for (int i = 0; i < records.length; i++) {
            scratch.clear();
            order.record(boundaries.get(i), 0, boundaries.get(i).length, scratch);
            records[i] = Arrays.copyOf(scratch.array(), scratch.length());
        }
    }

    /**
     * Cuts into the given number of ranges, so that each holds about as many of the sampled lines.
     *
     * @param sample lines drawn evenly from all; a hundred for each range keep ranges within a fifth of their mean
     */
    public static Splitters choose(LineOrder order, List<byte[]> sample, int ranges) throws InvalidJobException {
        int bytes = sample.stream().mapToInt(line -> line.length).sum();
        LineSorter sorter = new LineSorter(order, bytes);
        for (byte[] line : sample) {
            sorter.add(line, 0, line.length);
        }
        sorter.sort();
        List<byte[]> sorted = sorter.lines();
        List<byte[]> boundaries = new ArrayList<>();
        for (int range = 1; range < ranges && !sorted.isEmpty(); range++) {
            boundaries.add(sorted.get((int) ((long) range * sorted.size() / ranges)));
        }
        return new Splitters(order, boundaries);
    }

    /** How many ranges there are; one more than boundaries. */
    public int ranges() {
        return records.length + 1;
    }

    /** The boundary lines in order; what another thread or worker makes the same splitters from. */
    public List<byte[]> boundaries() {
        return boundaries;
    }

    /** The range of a line, from 0. */
    public int rangeOf(byte[] array, int offset, int length) throws InvalidJobException {
        byte[] record = array;
        int from = offset;
        int to = offset + length;
        if (!order.isPlain()) {
            scratch.clear();
            order.record(array, offset, length, scratch);
            record = scratch.array();
            from = 0;
            to = scratch.length();
        }
        int low = 0;
        int high = records.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            int compared = Arrays.compareUnsigned(record, from, to, records[middle], 0, records[middle].length);
            if (order.isDescending() ? compared > 0 : compared < 0) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
