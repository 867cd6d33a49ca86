package org.virtugrid.grid.compute;

/** The life of a task. */
public enum TaskState {
    /** Accepted and stored with its copies; not begun, or waiting to be begun again. */
    QUEUED,
    /** An attempt is under way. */
    RUNNING,
    /** Its result is committed. */
    SUCCEEDED,
    /** Given up, with an error. */
    FAILED,
    /** Cancelled by a user. */
    CANCELLED;

    /** Whether the task will not change any more by itself. */
    public boolean ended() {
        return this != QUEUED && this != RUNNING;
    }
}
