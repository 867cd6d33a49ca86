package org.virtugrid.jobs.filter;

import org.virtugrid.jobs.api.JobContext;

/**
 * A line as characters for a regular expression: UTF-8 decoded, and each byte that is not part of UTF-8 as the lone
 * surrogate U+DC80 to U+DCFF, so that it is one character that equals no other.
 *
 * <p>A matcher that runs away is stopped: once the task is cancelled, reading a character throws {@link Cancelled}.
 */
final class LineText implements CharSequence {
    private static final int READS_BETWEEN_LOOKS = 1 << 16;

    /** Ends a match whose task was cancelled. */
    static final class Cancelled extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Cancelled() {
            super("cancelled", null, false, false);
        }
    }

    private final JobContext context;
    private char[] chars = new char[256];
    private int length;
    private int untilLook = READS_BETWEEN_LOOKS;

    LineText(JobContext context) {
        this.context = context;
    }

    /** Takes another line. */
    void set(byte[] array, int offset, int bytes) {
        if (chars.length < bytes) {
            chars = new char[Math.max(bytes, chars.length * 2)];
        }
        int at = 0;
        while (at < bytes && array[offset + at] >= 0) {
            chars[at] = (char) array[offset + at];
            at++;
        }
        length = at == bytes ? at : decode(array, offset + at, offset + bytes, at);
    }

    private int decode(byte[] array, int from, int end, int charsBefore) {
        int at = from;
        int count = charsBefore;
        while (at < end) {
            byte first = array[at];
            int more = first >= 0 ? 0 : followers(array, at, end);
            if (more < 0) {
                chars[count++] = (char) (0xDC00 | (first & 0xff));
                at++;
                continue;
            }
            int codePoint = more == 0 ? first : first & (0x3f >> more);
            for (int i = 1; i <= more; i++) {
                codePoint = codePoint << 6 | (array[at + i] & 0x3f);
            }
            count += Character.toChars(codePoint, chars, count);
            at += more + 1;
        }
        return count;
    }

    /** How many bytes follow the first of a well-formed sequence; -1 when it is not well-formed. */
    private static int followers(byte[] array, int at, int end) {
        int first = array[at] & 0xff;
        int more = first >= 0xC2 && first < 0xE0
                ? 1
                : first >= 0xE0 && first < 0xF0 ? 2 : first >= 0xF0 && first < 0xF5 ? 3 : -1;
        if (more < 0 || end - at <= more) {
            return -1;
        }
        for (int i = 1; i <= more; i++) {
            if ((array[at + i] & 0xC0) != 0x80) {
                return -1;
            }
        }
        int second = array[at + 1] & 0xff;
        boolean overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
        boolean surrogate = first == 0xED && second >= 0xA0;
        boolean beyondUnicode = first == 0xF4 && second >= 0x90;
        return overlong || surrogate || beyondUnicode ? -1 : more;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public char charAt(int index) {
        if (--untilLook == 0) {
            untilLook = READS_BETWEEN_LOOKS;
            if (context.cancelled()) {
                throw new Cancelled();
            }
        }
        return chars[index];
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return new String(chars, start, end - start);
    }

    @Override
    public String toString() {
        return new String(chars, 0, length);
    }
}
