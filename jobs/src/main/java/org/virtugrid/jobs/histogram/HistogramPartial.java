package org.virtugrid.jobs.histogram;

import java.io.Serializable;

/** Either the range of the numbers seen, while the bins are not known, or how many lie in each bin. */
final class HistogramPartial implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Bins bins;
    private final long[] counts;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;

    /** Takes the range of numbers. */
    HistogramPartial() {
        bins = null;
        counts = null;
    }

    /** Counts numbers in the given bins. */
    HistogramPartial(Bins bins) {
        this.bins = bins;
        this.counts = new long[bins.count()];
    }

    void take(double number) {
        if (bins != null) {
            int bin = bins.of(number);
            if (bin >= 0) {
                counts[bin]++;
            }
        } else {
            min = Math.min(min, number);
            max = Math.max(max, number);
        }
    }

    void take(HistogramPartial other) {
        min = Math.min(min, other.min);
        max = Math.max(max, other.max);
        for (int bin = 0; counts != null && bin < counts.length; bin++) {
            counts[bin] += other.counts[bin];
        }
    }

    boolean anyNumber() {
        return min <= max;
    }

    double min() {
        return min;
    }

    double max() {
        return max;
    }

    /** The bins; null while they are not known. */
    Bins bins() {
        return bins;
    }

    long count(int bin) {
        return counts[bin];
    }
}
