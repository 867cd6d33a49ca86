package org.virtugrid.control.vm.libvirt;

import java.time.Duration;

/**
 * Keeps calls from a host that does not answer: after each failure in a row it is left alone for twice as long, and then
 * one call may try. Not safe for use by several threads.
 */
final class CircuitBreaker {
    private final long firstNanos;
    private final long mostNanos;
    private int failures;
    private long closedAgainNanos;

    CircuitBreaker(Duration first, Duration most) {
        this.firstNanos = first.toNanos();
        this.mostNanos = most.toNanos();
    }

    /** Whether a call may be tried at this time of {@link System#nanoTime}. */
    boolean allows(long nanos) {
        return failures == 0 || nanos - closedAgainNanos >= 0;
    }

    void succeeded() {
        failures = 0;
    }

    void failed(long nanos) {
        closedAgainNanos = nanos + Math.min(mostNanos, firstNanos << Math.min(failures, 20));
        failures++;
    }

    /** Failures since the last success. */
    int failures() {
        return failures;
    }
}
