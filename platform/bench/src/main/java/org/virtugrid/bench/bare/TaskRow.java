package org.virtugrid.bench.bare;

import java.io.Serializable;

/** The record of a small task: what it was given, when, and what it came to. */
final class TaskRow implements Serializable {
    private static final long serialVersionUID = 1L;

    private final long[] input;
    private final long createdAt;
    private long finishedAt;
    private String state = "RUNNING";
    private long result;

    TaskRow(long[] input, long createdAt) {
        this.input = input;
        this.createdAt = createdAt;
    }

    /** The record of the task with its result. */
    TaskRow finished(long value, long now) {
        TaskRow row = new TaskRow(input, createdAt);
        row.state = "SUCCEEDED";
        row.result = value;
        row.finishedAt = now;
        return row;
    }

    long[] input() {
        return input;
    }

    boolean succeeded() {
        return state.equals("SUCCEEDED") && finishedAt >= createdAt;
    }

    long result() {
        return result;
    }
}
