package org.virtugrid.grid.topology;

/** The two kinds of node. */
public enum NodeRole {
    /** Holds the platform's own state and talks to users. */
    CONTROL,
    /** Holds users' data and runs their work. */
    WORKER;

    /** The role as the node attribute and users see it. */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
