package org.virtugrid.jobs.aggregate;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.virtugrid.jobs.value.NumberText;

/**
 * The exact sum of decimal numbers and how many they are.
 *
 * <p>Small numbers are added up in one long for each number of digits behind the point; what would overflow moves on to
 * a {@link BigDecimal}.
 */
final class ExactSum implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int SCALES = 19;
    /** No point halfway between two doubles has more significant digits. */
    private static final int DIGITS_TO_TELL_DOUBLES = 800;

    private final long[] smallByScale = new long[SCALES];
    private BigDecimal rest = BigDecimal.ZERO;
    private long count;

    void add(NumberText number) {
        count++;
        if (number.isSmall()) {
            addSmall(number.unscaled(), number.scale());
        } else {
            rest = rest.add(number.exact());
        }
    }

    private void addSmall(long unscaled, int scale) {
        long sum = smallByScale[scale] + unscaled;
        if (((smallByScale[scale] ^ sum) & (unscaled ^ sum)) < 0) {
            rest = rest.add(BigDecimal.valueOf(smallByScale[scale], scale));
            sum = unscaled;
        }
        smallByScale[scale] = sum;
    }

    void add(ExactSum other) {
        count += other.count;
        rest = rest.add(other.rest);
        for (int scale = 0; scale < SCALES; scale++) {
            addSmall(other.smallByScale[scale], scale);
        }
    }

    BigDecimal exact() {
        BigDecimal sum = rest;
        for (int scale = 0; scale < SCALES; scale++) {
            sum = sum.add(BigDecimal.valueOf(smallByScale[scale], scale));
        }
        return sum;
    }

    /** The double nearest to the exact quotient of sum and count; null without numbers. */
    Number mean() {
        if (count == 0) {
            return null;
        }
        BigDecimal divisor = BigDecimal.valueOf(count);
        BigDecimal sum = exact();
        BigDecimal cut = sum.divide(divisor, new MathContext(DIGITS_TO_TELL_DOUBLES, RoundingMode.DOWN));
        int remains = sum.subtract(cut.multiply(divisor)).signum();
        // One more digit, standing for all that was cut off, keeps the quotient on its side of any halfway point.
        BigDecimal quotient = cut.add(BigDecimal.valueOf(remains).movePointLeft(cut.scale() + 1));
        double nearest = Double.parseDouble(quotient.toString());
        return Double.isInfinite(nearest)
                ? (Number) quotient.round(MathContext.DECIMAL64).stripTrailingZeros()
                : (Number) nearest;
    }
}
