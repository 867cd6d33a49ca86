package org.virtugrid.grid.compute;

import java.io.Serializable;

/** Names a unit: its task, the phase of the task's work, and a number. */
final class UnitKey implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String taskId;
    private final String phase;
    private final String number;

    UnitKey(String taskId, String phase, String number) {
        this.taskId = taskId;
        this.phase = phase;
        this.number = number;
    }

    String taskId() {
        return taskId;
    }

    String phase() {
        return phase;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UnitKey that
                && taskId.equals(that.taskId)
                && phase.equals(that.phase)
                && number.equals(that.number);
    }

    @Override
    public int hashCode() {
        return (taskId.hashCode() * 31 + phase.hashCode()) * 31 + number.hashCode();
    }

    @Override
    public String toString() {
        return taskId + "/" + phase + "/" + number;
    }
}
