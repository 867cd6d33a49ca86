package org.virtugrid.jobs.aggregate;

import java.io.Serializable;
import java.math.BigDecimal;
import org.virtugrid.jobs.value.NumberText;

/** The smallest or the largest of the numbers seen. */
final class Extreme implements Serializable {
    private static final long serialVersionUID = 1L;

    private final boolean largest;
    private boolean any;
    /** While {@link #large} is null, the number is this divided by ten to the power of {@link #scale}. */
    private long unscaled;

    private int scale;
    private BigDecimal large;

    Extreme(boolean largest) {
        this.largest = largest;
    }

    void take(NumberText number) {
        if (number.isSmall() && any && large == null && number.scale() == scale) {
            if (largest ? number.unscaled() > unscaled : number.unscaled() < unscaled) {
                unscaled = number.unscaled();
            }
        } else if (number.isSmall() && !any) {
            any = true;
            unscaled = number.unscaled();
            scale = number.scale();
        } else {
            take(number.exact());
        }
    }

    private void take(BigDecimal number) {
        if (any && (largest ? number.compareTo(exact()) <= 0 : number.compareTo(exact()) >= 0)) {
            return;
        }
        any = true;
        boolean small = number.scale() >= 0 && number.scale() <= 18 && number.precision() <= 18;
        unscaled = small ? number.unscaledValue().longValueExact() : 0;
        scale = small ? number.scale() : 0;
        large = small ? null : number;
    }

    void take(Extreme other) {
        if (other.any) {
            take(other.exact());
        }
    }

    private BigDecimal exact() {
        return large == null ? BigDecimal.valueOf(unscaled, scale) : large;
    }

    /** The number; null without any. */
    Number number() {
        return any ? NumberText.canonical(exact()) : null;
    }
}
