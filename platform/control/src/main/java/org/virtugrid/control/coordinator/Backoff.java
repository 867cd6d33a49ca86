package org.virtugrid.control.coordinator;

/** How long starts of a VM that keeps dying are apart: at once, then 1, 2, 4 … at most 60 s, and never given up. */
final class Backoff {
    private static final long MAX_MILLIS = 60_000;
    private static final int MAX_DOUBLINGS = 6;

    private Backoff() {}

    /** The least time from the start numbered {@code starts}, counting from 1, to the next one. */
    static long millisAfter(int starts) {
        return Math.min(MAX_MILLIS, 1000L << Math.min(MAX_DOUBLINGS, Math.max(0, starts - 1)));
    }
}
