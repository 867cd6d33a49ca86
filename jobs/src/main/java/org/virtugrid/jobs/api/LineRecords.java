package org.virtugrid.jobs.api;

/**
 * The lines of a region of bytes. A line ends with a newline byte; the last may lack it. A newline at the region's very
 * end begins no further line.
 *
 * <p>A job that needs no lines, such as a word count, may read the whole region through {@link #array()},
 * {@link #regionStart()} and {@link #regionEnd()} instead of calling {@link #next}.
 */
public final class LineRecords extends Records {
    private final byte[] array;
    private final int start;
    private final int end;
    private int offset;
    private int length;
    private int following;

    /** The lines in {@code array[start .. end)}. */
    public LineRecords(byte[] array, int start, int end) {
        this.array = array;
        this.start = start;
        this.end = end;
        this.following = start;
    }

    @Override
    public boolean next() {
        if (following >= end) {
            return false;
        }
        offset = following;
        int at = offset;
        while (at < end && array[at] != '\n') {
            at++;
        }
        length = at - offset;
        following = at + 1;
        return true;
    }

    @Override
    public byte[] array() {
        return array;
    }

    @Override
    public int offset() {
        return offset;
    }

    @Override
    public int length() {
        return length;
    }

    /** Where the region begins. */
    public int regionStart() {
        return start;
    }

    /** Where the region ends, exclusive. */
    public int regionEnd() {
        return end;
    }
}
