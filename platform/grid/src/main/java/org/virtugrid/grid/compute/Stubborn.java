package org.virtugrid.grid.compute;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts users' jobs on this worker that were told to stop and don't. A JVM cannot end a thread by force: the work is left
 * alone, its place goes to others, and the worker's restart ends it.
 */
final class Stubborn {
    /** So long work may take to stop. */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final AtomicInteger count = new AtomicInteger();

    void begin() {
        count.incrementAndGet();
    }

    void end() {
        count.decrementAndGet();
    }

    int count() {
        return count.get();
    }
}
