package org.virtugrid.jobs.api;

/** Keeps or drops a line; one instance a thread. */
@FunctionalInterface
public interface LineSelector {

    /** Whether the line in {@code array[offset .. offset+length)} is kept. */
    boolean keep(byte[] array, int offset, int length);
}
