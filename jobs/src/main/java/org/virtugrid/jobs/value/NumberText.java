package org.virtugrid.jobs.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.virtugrid.jobs.api.InvalidJobException;

/**
 * Reads decimal numbers from bytes, exactly. One instance a thread.
 *
 * <p>A number is an optional sign, digits with an optional point among, before or after them, and an optional exponent
 * ({@code e} or {@code E}, sign, digits), with white space around it. Nothing else is one: not NaN, infinity,
 * hexadecimal digits or thousands separators.
 */
public final class NumberText {
    /** The most digits a number may have. */
    public static final int MAX_DIGITS = 100_000;
    /** The largest exponent a number may be written with, and its negative the smallest. */
    public static final int MAX_EXPONENT = 9_999;

    private static final int MAX_LONG_DIGITS = 18;
    private static final double[] EXACT_POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18
    };

    /** What was read. */
    public enum Outcome {
        /** A number. */
        NUMBER,
        /** Nothing but white space. */
        BLANK,
        /** Something that is not a number. */
        OTHER
    }

    private byte[] array;
    private boolean negative;
    private int from;
    private int to;
    private int point;
    private int digits;
    private int exponent;
    private long unscaled;
    private int scale;

    /**
     * Reads {@code array[offset .. offset+length)}; the methods below then tell the number.
     *
     * @throws InvalidJobException when it is a number beyond {@link #MAX_DIGITS} or {@link #MAX_EXPONENT}
     */
    public Outcome read(byte[] array, int offset, int length) throws InvalidJobException {
        this.array = array;
        int at = offset;
        int end = offset + length;
        while (at < end && WhiteSpace.is(array[at])) {
            at++;
        }
        while (at < end && WhiteSpace.is(array[end - 1])) {
            end--;
        }
        if (at == end) {
            return Outcome.BLANK;
        }
        negative = array[at] == '-';
        if (negative || array[at] == '+') {
            at++;
        }
        at = readDigits(at, end);
        exponent = 0;
        if (digits == 0 || (at < end && !readExponent(at, end))) {
            return Outcome.OTHER;
        }
        if (digits > MAX_DIGITS || Math.abs(exponent) > MAX_EXPONENT) {
            throw new InvalidJobException(
                    "input",
                    "the number '" + ByteText.excerpt(array, offset, length) + "' is beyond " + MAX_DIGITS
                            + " digits or an exponent of " + MAX_EXPONENT,
                    "round it");
        }
        return Outcome.NUMBER;
    }

    private int readDigits(int begin, int end) {
        long value = 0;
        int at = begin;
        from = begin;
        point = -1;
        for (; at < end; at++) {
            int digit = array[at] - '0';
            if (digit >= 0 && digit <= 9) {
                value = value * 10 + digit;
            } else if (array[at] == '.' && point < 0) {
                point = at;
            } else {
                break;
            }
        }
        to = at;
        digits = to - from - (point < 0 ? 0 : 1);
        unscaled = negative ? -value : value;
        scale = point < 0 ? 0 : to - point - 1;
        return at;
    }

    private boolean readExponent(int begin, int end) {
        int at = begin;
        if (array[at] != 'e' && array[at] != 'E') {
            return false;
        }
        at++;
        boolean minus = at < end && array[at] == '-';
        if (minus || (at < end && array[at] == '+')) {
            at++;
        }
        if (at == end) {
            return false;
        }
        int value = 0;
        for (; at < end; at++) {
            int digit = array[at] - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            value = Math.min(value * 10 + digit, MAX_EXPONENT + 1);
        }
        exponent = minus ? -value : value;
        return true;
    }

    /** Whether the number is {@link #unscaled} divided by ten to the power of {@link #scale}. */
    public boolean isSmall() {
        return digits <= MAX_LONG_DIGITS && exponent == 0;
    }

    /** All digits of a small number as a whole number. */
    public long unscaled() {
        return unscaled;
    }

    /** How many digits of a small number are behind its point, 0 to 18. */
    public int scale() {
        return scale;
    }

    /** The number, exactly. */
    public BigDecimal exact() {
        if (isSmall()) {
            return BigDecimal.valueOf(unscaled, scale);
        }
        StringBuilder text = new StringBuilder(to - from + 8);
        if (negative) {
            text.append('-');
        }
        text.append(new String(array, from, to - from, StandardCharsets.ISO_8859_1))
                .append('E')
                .append(exponent);
        return new BigDecimal(text.toString());
    }

    /** The double nearest to the number. */
    public double nearest() {
        if (isSmall() && Math.abs(unscaled) < 1L << 53) {
            return unscaled / EXACT_POWERS[scale]; // both are exact, so that the quotient is rounded once
        }
        return exact().doubleValue();
    }

    /** Whether the number has a minus sign. */
    public boolean isNegative() {
        return negative;
    }

    /**
     * Appends the number's digits without leading and trailing zeros, as {@code d1 d2 …} of its magnitude {@code
     * 0.d1d2… × 10^p}.
     *
     * @param out takes the digits, each 0 to 9; at least {@link #MAX_DIGITS} long
     * @return how many there are; zero has none
     */
    public int significantDigits(byte[] out) {
        int count = 0;
        int significant = 0;
        for (int at = from; at < to; at++) {
            if (at == point || (count == 0 && array[at] == '0')) {
                continue;
            }
            out[count++] = (byte) (array[at] - '0');
            if (array[at] != '0') {
                significant = count;
            }
        }
        return significant;
    }

    /** The power {@code p} of {@link #significantDigits}; of no meaning for zero. */
    public int magnitude() {
        int wholeDigits = (point < 0 ? to : point) - from;
        int zeros = 0;
        for (int at = from; at < to && (at == point || array[at] == '0'); at++) {
            if (at != point) {
                zeros++;
            }
        }
        return wholeDigits - zeros + exponent;
    }

    /** A number's JSON form: a whole number where it is one, else a decimal without trailing zeros. */
    public static Number canonical(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() <= 0 ? whole(stripped.toBigIntegerExact()) : stripped;
    }

    private static Number whole(BigInteger number) {
        return number.bitLength() < Long.SIZE ? (Number) number.longValue() : number;
    }

    /** The value of a JSON number: whole where it is written so, else a decimal with all its digits. */
    public static Number ofJson(byte[] json) {
        BigDecimal number = new BigDecimal(new String(json, StandardCharsets.US_ASCII));
        return number.scale() == 0 ? whole(number.toBigIntegerExact()) : number;
    }

    /** What to say of a value that is not a number. */
    public static InvalidJobException notANumber(byte[] array, int offset, int length, String remedy) {
        return new InvalidJobException(
                "input", "'" + ByteText.excerpt(array, offset, length) + "' is not a number", remedy);
    }
}
