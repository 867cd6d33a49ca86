package org.virtugrid.jobs.sort;

import java.io.IOException;

/** A cursor over lines; between two calls of {@link #next} the current line stays where it is. */
public interface LineSource {

    /** Moves to the next line; false when there is none. */
    boolean next() throws IOException;

    /** The bytes that hold the current line. */
    byte[] array();

    /** Where the current line begins. */
    int offset();

    /** How many bytes the current line has, without its newline. */
    int length();
}
