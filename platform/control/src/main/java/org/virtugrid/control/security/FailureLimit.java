package org.virtugrid.control.security;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Bounds how many wrong tokens a minute are answered as such; who has the right one never notices. */
final class FailureLimit {
    private static final int PER_WINDOW = 200;
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final Clock clock;
    private Instant windowEnd = Instant.MIN;
    private int failures;

    FailureLimit(Clock clock) {
        this.clock = clock;
    }

    /** Counts one failure; true when there have been too many of late. */
    synchronized boolean exceeded() {
        Instant now = clock.instant();
        if (now.isAfter(windowEnd)) {
            windowEnd = now.plus(WINDOW);
            failures = 0;
        }
        failures = Math.min(failures + 1, PER_WINDOW + 1);
        return failures > PER_WINDOW;
    }
}
