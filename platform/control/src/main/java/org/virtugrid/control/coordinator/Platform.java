package org.virtugrid.control.coordinator;

import org.virtugrid.api.StatusView;

/** The platform as a whole. Safe for use by several threads. */
public interface Platform {

    /** Its state now; never blocks for long, also while the grid starts or hangs. */
    StatusView status();

    /** The control processes. */
    ControlNodes controlNodes();

    /** True once the grid is active and its system caches are there, so that datasets and tasks can be used. */
    boolean gridReady();

    /**
     * Stops everything gracefully: no new work, grid deactivated, workers, then this process. Returns at once.
     *
     * @param destroy destroys all VMs too
     */
    void shutDown(boolean destroy);
}
