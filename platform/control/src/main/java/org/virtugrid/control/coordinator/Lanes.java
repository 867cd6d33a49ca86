package org.virtugrid.control.coordinator;

import java.time.Duration;

/**
 * Runs work in lanes: one piece at a time in each, lanes beside one another. Work that exceeds its deadline is interrupted
 * and stays in its lane until it has truly ended, so nothing ever overtakes it. No call blocks.
 */
interface Lanes extends AutoCloseable {

    boolean busy(String lane);

    boolean anyBusy();

    /** Runs the work unless the lane is busy; tells whether it does. */
    boolean run(String lane, Duration deadline, Runnable work);

    /** Interrupts what has exceeded its deadline. */
    void interruptLate();

    /** Begins nothing any more. */
    @Override
    void close();
}
