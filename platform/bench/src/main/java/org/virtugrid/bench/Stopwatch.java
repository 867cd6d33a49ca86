package org.virtugrid.bench;

/** Measures from its making on. */
public final class Stopwatch {
    private final long begun = System.nanoTime();

    /** Seconds so far. */
    public double seconds() {
        return (System.nanoTime() - begun) / 1e9;
    }
}
