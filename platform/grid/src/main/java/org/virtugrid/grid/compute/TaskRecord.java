package org.virtugrid.grid.compute;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A task as it is stored. Immutable towards its readers; a plain class because Ignite cannot store Java records. Changed
 * only by {@code TaskTransitions}.
 */
public final class TaskRecord implements Serializable {
    private static final long serialVersionUID = 1L;

    String id;
    String type;
    String operation;
    Map<String, String> parameters;
    String dataset;
    String inputJson;
    String saveAs;
    TaskState state;
    int attempt;
    UUID ownerNode;
    List<String> vmIds;
    long createdAtMillis;
    long startedAtMillis;
    long finishedAtMillis;
    long notBeforeMillis;
    boolean cancelRequested;
    String resultJson;
    String error;
    List<Step> history;

    TaskRecord() {}

    /** One step in the life of a task. */
    public static final class Step implements Serializable {
        private static final long serialVersionUID = 1L;

        private final long timeMillis;
        private final String event;
        private final String vmId;
        private final String detail;

        Step(long timeMillis, String event, String vmId, String detail) {
            this.timeMillis = timeMillis;
            this.event = event;
            this.vmId = vmId;
            this.detail = detail;
        }

        /** When it happened. */
        public Instant time() {
            return Instant.ofEpochMilli(timeMillis);
        }

        /** What happened: QUEUED, STARTED, RECLAIMED, POSTPONED, CANCEL_REQUESTED, SUCCEEDED, FAILED, CANCELLED, RETRIED. */
        public String event() {
            return event;
        }

        /** The VM it happened on, or null. */
        public String vmId() {
            return vmId;
        }

        /** One sentence more, or null. */
        public String detail() {
            return detail;
        }
    }

    /** Its id. */
    public String id() {
        return id;
    }

    /** process or check. */
    public String type() {
        return type;
    }

    /** The job's name. */
    public String operation() {
        return operation;
    }

    /** Parameters of the operation. */
    public Map<String, String> parameters() {
        return parameters;
    }

    /** The input dataset, or null. */
    public String dataset() {
        return dataset;
    }

    /** The inline input, or null. */
    public String inputJson() {
        return inputJson;
    }

    /** The output dataset, or null. */
    public String saveAs() {
        return saveAs;
    }

    /** Where it is in its life. */
    public TaskState state() {
        return state;
    }

    /** Number of the current or last attempt, 0 before the first. */
    public int attempt() {
        return attempt;
    }

    /** The node that leads the current attempt, or null. */
    public UUID ownerNode() {
        return ownerNode;
    }

    /** VMs that led its attempts, in order. */
    public List<String> vmIds() {
        return vmIds;
    }

    /** When it was accepted. */
    public Instant createdAt() {
        return Instant.ofEpochMilli(createdAtMillis);
    }

    /** When its current attempt began, or null. */
    public Instant startedAt() {
        return startedAtMillis == 0 ? null : Instant.ofEpochMilli(startedAtMillis);
    }

    /** When it ended, or null. */
    public Instant finishedAt() {
        return finishedAtMillis == 0 ? null : Instant.ofEpochMilli(finishedAtMillis);
    }

    /** Whether a user asked it to stop. */
    public boolean cancelRequested() {
        return cancelRequested;
    }

    /** Its result as JSON, or null. */
    public String resultJson() {
        return resultJson;
    }

    /** Why it failed, or null. */
    public String error() {
        return error;
    }

    /** What happened to it, oldest first. */
    public List<Step> history() {
        return history;
    }
}
