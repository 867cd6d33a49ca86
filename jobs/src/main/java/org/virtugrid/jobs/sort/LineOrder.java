package org.virtugrid.jobs.sort;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.JobParameters;
import org.virtugrid.jobs.value.Column;
import org.virtugrid.jobs.value.NumberText;

/**
 * The total order of lines that the parameters of a sort ask for. One instance a thread.
 *
 * <p>Without parameters it is the unsigned order of the lines' bytes, as with {@code LC_ALL=C sort}. With {@code column}
 * lines go by that field, and those with equal fields by the whole line. With {@code numeric} the line or field is a
 * number, and numbers compare exactly; lines of equal numbers go by the whole line. What is blank comes before all
 * numbers; what is not a number is refused, or comes first with {@code invalid=first}; a line without the column is
 * refused, or comes first with {@code missing=first}. {@code descending} reverses all of it.
 *
 * <p>Every such order is made into the plain order of bytes: a line's <em>sort record</em> is a key, empty in the default
 * order, with the whole line behind it. Sort records compare as unsigned bytes, ascending.
 */
public final class LineOrder {
    /** The names of all parameters that an order is made from. */
    public static final Set<String> PARAMETERS =
            Set.of("column", "delimiter", "numeric", "descending", "missing", "invalid");

    private static final int FIRST = 0;
    private static final int PRESENT = 1;
    private static final int NEGATIVE = 1;
    private static final int ZERO = 2;
    private static final int POSITIVE = 3;
    private static final int MAGNITUDE_BIAS = 1 << 20;

    private final Column column;
    private final boolean numeric;
    private final boolean descending;
    private final boolean invalidFirst;
    private final boolean missingFirst;
    private final NumberText number = new NumberText();
    private byte[] digits = new byte[32];
    private final SortKey left = new SortKey();
    private final SortKey right = new SortKey();

    /** Reads the parameters of {@link #PARAMETERS}; others are not looked at. */
    public LineOrder(JobParameters parameters) throws InvalidJobException {
        this(parameters, parameters.flag("numeric"));
    }

    LineOrder(JobParameters parameters, boolean numeric) throws InvalidJobException {
        this.column = new Column(parameters);
        this.numeric = numeric;
        this.descending = parameters.flag("descending");
        this.invalidFirst = parameters.choice("invalid", "error", "first").equals("first");
        this.missingFirst = parameters.choice("missing", "error", "first").equals("first");
    }

    /** Refuses parameters that no order is made from, and values that have no meaning. */
    public static void validate(JobParameters parameters) throws InvalidJobException {
        parameters.allowOnly(new TreeSet<>(PARAMETERS));
        new LineOrder(parameters);
    }

    /** Whether lines go by nothing but their own bytes, ascending or descending: sort records are the lines. */
    public boolean isPlain() {
        return !numeric && column.isWholeLine();
    }

    /** Whether the order is reversed. */
    public boolean isDescending() {
        return descending;
    }

    /** Less than, equal to or greater than 0 as the first line belongs before, is equal to or belongs behind the other. */
    public int compare(byte[] a, int aOffset, int aLength, byte[] b, int bOffset, int bLength)
            throws InvalidJobException {
        int ascending;
        if (isPlain()) {
            ascending = Arrays.compareUnsigned(a, aOffset, aOffset + aLength, b, bOffset, bOffset + bLength);
        } else {
            left.clear();
            record(a, aOffset, aLength, left);
            right.clear();
            record(b, bOffset, bLength, right);
            ascending = Arrays.compareUnsigned(left.array(), 0, left.length(), right.array(), 0, right.length());
        }
        return descending ? -ascending : ascending;
    }

    /** Appends the line's sort record and returns the length of its key. */
    int record(byte[] array, int offset, int length, SortKey out) throws InvalidJobException {
        int before = out.length();
        if (!isPlain()) {
            key(array, offset, length, out);
        }
        int keyLength = out.length() - before;
        out.put(array, offset, length);
        return keyLength;
    }

    private void key(byte[] array, int offset, int length, SortKey out) throws InvalidJobException {
        if (!column.find(array, offset, length)) {
            if (!missingFirst) {
                throw column.missing(array, offset, length, "correct the data or give missing=first");
            }
            out.put(FIRST);
        } else if (numeric) {
            numberKey(array, column.offset(), column.length(), out);
        } else {
            fieldKey(array, column.offset(), column.length(), out);
        }
    }

    /** The field, its zero bytes as 0 1, and 0 0 as its end, so that a shorter field comes first. */
    private static void fieldKey(byte[] array, int offset, int length, SortKey out) {
        out.put(PRESENT);
        for (int at = offset; at < offset + length; at++) {
            out.put(array[at]);
            if (array[at] == 0) {
                out.put(1);
            }
        }
        out.put(0);
        out.put(0);
    }

    /** Sign, three bytes of magnitude, pairs of digits as 1 to 100, and 0 as the end; inverted below zero. */
    private void numberKey(byte[] array, int offset, int length, SortKey out) throws InvalidJobException {
        NumberText.Outcome outcome = number.read(array, offset, length);
        if (outcome != NumberText.Outcome.NUMBER) {
            if (outcome == NumberText.Outcome.OTHER && !invalidFirst) {
                throw NumberText.notANumber(
                        array, offset, length, "correct the data, give invalid=first, or sort without numeric");
            }
            out.put(FIRST);
            return;
        }
        if (digits.length <= length) {
            digits = new byte[Math.max(length + 1, digits.length * 2)];
        }
        int count = number.significantDigits(digits);
        if (count == 0) {
            out.put(ZERO);
            return;
        }
        digits[count] = 0;
        int inversion = number.isNegative() ? 0xff : 0;
        int magnitude = number.magnitude() + MAGNITUDE_BIAS;
        out.put(number.isNegative() ? NEGATIVE : POSITIVE);
        out.put((magnitude >>> 16) ^ inversion);
        out.put((magnitude >>> 8) ^ inversion);
        out.put(magnitude ^ inversion);
        for (int i = 0; i < count; i += 2) {
            out.put((digits[i] * 10 + digits[i + 1] + 1) ^ inversion);
        }
        out.put(inversion);
    }
}
