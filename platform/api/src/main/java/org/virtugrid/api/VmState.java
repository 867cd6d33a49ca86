package org.virtugrid.api;

/** The life of a VM, as users see it. */
public enum VmState {
    /** Defined, not started yet. */
    DEFINED,
    /** Its process or guest has been started and is not in the grid yet. */
    STARTING,
    /** Its node is in the grid and is not a full member yet (baseline or copies are still missing). */
    JOINING,
    /** Its node serves data and work. */
    READY,
    /** It is handing its data and work over before it stops. */
    DRAINING,
    /** Stopped on purpose. */
    STOPPED,
    /** It is known to be dead and is waiting for its restart. */
    FAILED,
    /** Nothing can be said about it, so nothing is done to it. */
    UNKNOWN
}
