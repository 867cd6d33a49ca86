package org.virtugrid.control.leadership;

import java.time.Duration;

/**
 * How long things take.
 *
 * @param lease how long a leader leads on one round of votes, counted from before it asked
 * @param margin how much longer a voter keeps its promise, counted from when it gave it; covers clocks that run at
 *     different speeds
 * @param beat how often a leader asks anew
 * @param patience how long one round waits for answers
 */
record LeaseTiming(Duration lease, Duration margin, Duration beat, Duration patience) {
    /** A leader may miss three rounds in a row. Another one leads about five seconds after it was lost. */
    static final LeaseTiming STANDARD = new LeaseTiming(
            Duration.ofSeconds(4), Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(1));

    long promiseNanos() {
        return lease.plus(margin).toNanos();
    }
}
