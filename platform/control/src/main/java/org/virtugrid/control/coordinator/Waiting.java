package org.virtugrid.control.coordinator;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what the coordinator brings about, on the thread of whoever asked for it. */
final class Waiting {
    private static final long POLL_MILLIS = 50;

    private Waiting() {}

    /** Returns when the condition holds, the time is up, or the thread is interrupted, which it then still is. */
    static void until(Duration atMost, BooleanSupplier condition) {
        long end = System.nanoTime() + atMost.toNanos();
        try {
            while (System.nanoTime() < end && !condition.getAsBoolean()) {
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
