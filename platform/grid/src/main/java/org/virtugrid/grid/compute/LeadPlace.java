package org.virtugrid.grid.compute;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** One of the places for tasks that are led at the same time; given back once, by whoever comes first. */
final class LeadPlace {
    private final Semaphore places;
    private final AtomicBoolean free = new AtomicBoolean();

    LeadPlace(Semaphore places) {
        this.places = places;
    }

    /** Gives the place back, unless that was done before. */
    void free() {
        if (free.compareAndSet(false, true)) {
            places.release();
        }
    }
}
