package org.virtugrid.grid.dataset;

/** The life of a dataset. */
public enum DatasetState {
    /** Bytes are arriving, or stopped arriving and may be resumed; nothing reads it. */
    UPLOADING,
    /** Complete and immutable. */
    READY,
    /** Some chunks have no copy left; reading those fails, by name. */
    LOSSY,
    /** Being removed. */
    DELETING
}
