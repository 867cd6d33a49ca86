package org.virtugrid.jobs.api;

import java.nio.charset.StandardCharsets;

/**
 * A cursor over the records of one block: lines of a dataset without their newline, or inline values.
 *
 * <p>Between two calls of {@link #next}, the current record is {@code array()[offset() .. offset()+length())}. The array
 * belongs to the platform and must not be changed. Not safe for use by several threads.
 */
public abstract class Records {

    /** Moves to the next record; false when there is none. */
    public abstract boolean next();

    /** The bytes that hold the current record. */
    public abstract byte[] array();

    /** Where the current record begins in {@link #array}. */
    public abstract int offset();

    /** How many bytes the current record has. */
    public abstract int length();

    /** The current record decoded as UTF-8; what is not UTF-8 becomes the replacement character. */
    public String text() {
        return new String(array(), offset(), length(), StandardCharsets.UTF_8);
    }
}
