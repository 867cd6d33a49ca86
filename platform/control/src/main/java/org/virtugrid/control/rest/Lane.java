package org.virtugrid.control.rest;

import java.util.concurrent.Semaphore;
import org.virtugrid.grid.fault.GridException;

/** So many calls of one kind may hold a thread at once; together the lanes leave threads for everything short. */
final class Lane {
    private final Semaphore places;
    private final String what;
    private final int width;

    Lane(String what, int width) {
        this.what = what;
        this.width = width;
        this.places = new Semaphore(width);
    }

    /** Takes a place, or fails at once with UNAVAILABLE; the caller gives it back with {@link #leave}. */
    void enter() {
        if (!places.tryAcquire()) {
            throw GridException.unavailable(
                    "there are " + width + " " + what + " under way already", "try again when one has ended");
        }
    }

    /** Whether a place could be taken now; the caller gives it back with {@link #leave}. */
    boolean tryEnter() {
        return places.tryAcquire();
    }

    void leave() {
        places.release();
    }
}
