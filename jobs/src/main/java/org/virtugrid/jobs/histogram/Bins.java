package org.virtugrid.jobs.histogram;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Equal bins over a range.
 *
 * <p>Bound {@code i} of {@code n} bins is the double nearest to {@code from + i × (to - from) / n} in decimal
 * arithmetic of 34 digits. A number lies in the bin whose lower bound is the last that does not exceed it; the range's
 * end lies in the last bin. A range of one number is one bin.
 */
final class Bins implements Serializable {
    private static final long serialVersionUID = 1L;

    private final double[] bounds;

    Bins(double from, double to, int bins) {
        int count = from == to ? 1 : bins;
        bounds = new double[count + 1];
        BigDecimal start = new BigDecimal(from);
        BigDecimal width = new BigDecimal(to).subtract(start);
        for (int i = 0; i < count; i++) {
            BigDecimal step =
                    width.multiply(BigDecimal.valueOf(i)).divide(BigDecimal.valueOf(count), MathContext.DECIMAL128);
            bounds[i] = start.add(step, MathContext.DECIMAL128).doubleValue();
        }
        bounds[0] = from;
        bounds[count] = to;
    }

    int count() {
        return bounds.length - 1;
    }

    double from(int bin) {
        return bounds[bin];
    }

    double to(int bin) {
        return bounds[bin + 1];
    }

    /** The bin that the number lies in, -1 when it is out of range. */
    int of(double number) {
        int last = bounds.length - 2;
        if (number < bounds[0] || number > bounds[last + 1]) {
            return -1;
        }
        double share = (number / 2 - bounds[0] / 2) / (bounds[last + 1] / 2 - bounds[0] / 2);
        int bin = Math.max(0, Math.min(last, (int) (share * (last + 1)))); // the bounds decide, this is a guess
        while (bin > 0 && number < bounds[bin]) {
            bin--;
        }
        while (bin < last && number >= bounds[bin + 1]) {
            bin++;
        }
        return bin;
    }
}
