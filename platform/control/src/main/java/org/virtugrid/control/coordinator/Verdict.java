package org.virtugrid.control.coordinator;

/** What has become of a VM, and why we think so. */
public record Verdict(Kind kind, String evidence) {

    /** Kinds of verdict; only {@link #HUNG} calls for a fence. */
    public enum Kind {
        /** Not started yet, or stopped in order to be started anew. */
        OFF,
        /** Its process is there; its node has not joined yet, or nobody could see it join. */
        STARTING,
        /** Its node is in the grid. */
        ALIVE,
        /** Its node left the grid a moment ago, and its process is likely to be ending by itself. */
        LEAVING,
        /** Its process is known to be gone, and nobody asked for that. */
        CRASHED,
        /** Its process is there, and the grid goes on without its node. */
        HUNG,
        /** It was stopped on purpose. */
        STOPPED,
        /** Nothing can be said about it. */
        UNKNOWN
    }
}
