package org.virtugrid.grid.compute;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;

/** Every change in the life of a task, as pure functions: each gives a changed copy, or null where it is not allowed. */
final class TaskTransitions {
    /** Attempts after which a task counts as poison and is set aside. */
    static final int MOST_ATTEMPTS = 6;

    private static final int LONGEST_HISTORY = 50;

    private TaskTransitions() {}

    static TaskRecord queued(String id, TaskSpec spec, long nowMillis) {
        TaskRecord task = new TaskRecord();
        task.id = id;
        task.type = spec.type();
        task.operation = spec.operation();
        task.parameters = new TreeMap<>(spec.parameters());
        task.dataset = spec.dataset();
        task.inputJson = spec.inputJson();
        task.saveAs = spec.saveAs();
        task.state = TaskState.QUEUED;
        task.vmIds = new ArrayList<>();
        task.createdAtMillis = nowMillis;
        task.history = new ArrayList<>();
        return log(task, nowMillis, "QUEUED", null, null);
    }

    /** Begins the next attempt: of a queued task, or of a running one whose owner is known to be gone. */
    static TaskRecord claimed(TaskRecord now, UUID goneOwner, UUID node, String vmId, long nowMillis) {
        boolean queued = now.state == TaskState.QUEUED && now.notBeforeMillis <= nowMillis;
        boolean orphaned = now.state == TaskState.RUNNING && goneOwner != null && goneOwner.equals(now.ownerNode);
        if (!queued && !orphaned) {
            return null;
        }
        TaskRecord next = copy(now);
        if (now.attempt >= MOST_ATTEMPTS && now.publishing == null) {
            next.error = "given up after " + now.attempt + " attempts, the last of which lost its worker";
            return ended(next, TaskState.FAILED, vmId, next.error, nowMillis);
        }
        next.state = TaskState.RUNNING;
        next.attempt++;
        next.ownerNode = node;
        next.vmIds.add(vmId);
        if (next.startedAtMillis == 0) {
            next.startedAtMillis = nowMillis;
        }
        String detail = orphaned ? "the worker that led attempt " + now.attempt + " is gone" : null;
        return log(next, nowMillis, orphaned ? "RECLAIMED" : "STARTED", vmId, detail);
    }

    static boolean owns(TaskRecord now, int attempt, UUID node) {
        return now.state == TaskState.RUNNING && now.attempt == attempt && node.equals(now.ownerNode);
    }

    /** The task in its first attempt, on this worker: begun already, or begun by this. Null when it is in neither. */
    static TaskRecord firstAttempt(TaskRecord now, UUID node, String vmId, long begunMillis) {
        if (owns(now, 1, node)) {
            return now;
        }
        return now.attempt == 0 ? claimed(now, null, node, vmId, begunMillis) : null;
    }

    /** The result is decided: the task will succeed, as soon as its output has been published. */
    static TaskRecord publishing(TaskRecord now, int attempt, UUID node, String resultJson, String output) {
        if (!owns(now, attempt, node)) {
            return null;
        }
        TaskRecord next = copy(now);
        next.resultJson = resultJson;
        next.publishing = output;
        return next;
    }

    static TaskRecord published(TaskRecord now, int attempt, UUID node, String vmId, long nowMillis) {
        return now.publishing == null ? null : succeeded(now, attempt, node, vmId, now.resultJson, nowMillis);
    }

    /** The output was removed by somebody before it could be published. */
    static TaskRecord outputGone(TaskRecord now, int attempt, UUID node, String vmId, long nowMillis) {
        if (now.publishing == null) {
            return null;
        }
        TaskRecord next = copy(now);
        next.publishing = null;
        next.resultJson = null;
        String error = "saveAs: dataset " + now.publishing + " was removed while the task made it; retry the task";
        return failed(next, attempt, node, vmId, error, nowMillis);
    }

    static TaskRecord succeeded(
            TaskRecord now, int attempt, UUID node, String vmId, String resultJson, long nowMillis) {
        if (!owns(now, attempt, node)) {
            return null;
        }
        TaskRecord next = copy(now);
        next.resultJson = resultJson;
        next.publishing = null;
        next.error = null;
        return ended(next, TaskState.SUCCEEDED, vmId, null, nowMillis);
    }

    static TaskRecord failed(TaskRecord now, int attempt, UUID node, String vmId, String error, long nowMillis) {
        if (!owns(now, attempt, node) || now.publishing != null) {
            return null;
        }
        TaskRecord next = copy(now);
        next.error = error;
        return ended(next, TaskState.FAILED, vmId, error, nowMillis);
    }

    /** Puts a running task back, to be tried again later; gives up when it was tried often enough. */
    static TaskRecord postponed(TaskRecord now, int attempt, UUID node, String vmId, String error, long nowMillis) {
        if (!owns(now, attempt, node)) {
            return null;
        }
        if (now.attempt >= MOST_ATTEMPTS && now.publishing == null) {
            return failed(now, attempt, node, vmId, "given up after " + attempt + " attempts: " + error, nowMillis);
        }
        TaskRecord next = copy(now);
        next.state = TaskState.QUEUED;
        next.ownerNode = null;
        next.notBeforeMillis = nowMillis + (250L << Math.min(8, now.attempt));
        return log(next, nowMillis, "POSTPONED", vmId, error);
    }

    static TaskRecord cancelRequested(TaskRecord now, long nowMillis) {
        if (now.publishing != null) {
            return null;
        }
        TaskRecord next = copy(now);
        if (now.state == TaskState.QUEUED) {
            return ended(next, TaskState.CANCELLED, null, "before it began", nowMillis);
        }
        if (now.state != TaskState.RUNNING || now.cancelRequested) {
            return null;
        }
        next.cancelRequested = true;
        return log(next, nowMillis, "CANCEL_REQUESTED", null, null);
    }

    static TaskRecord cancelled(TaskRecord now, int attempt, UUID node, String vmId, long nowMillis) {
        return owns(now, attempt, node) && now.publishing == null
                ? ended(copy(now), TaskState.CANCELLED, vmId, null, nowMillis)
                : null;
    }

    static TaskRecord retried(TaskRecord now, long nowMillis) {
        if (now.state != TaskState.FAILED && now.state != TaskState.CANCELLED) {
            return null;
        }
        TaskRecord next = copy(now);
        next.state = TaskState.QUEUED;
        next.attempt = 0;
        next.notBeforeMillis = 0;
        next.cancelRequested = false;
        next.startedAtMillis = 0;
        next.finishedAtMillis = 0;
        next.error = null;
        next.ownerNode = null;
        return log(next, nowMillis, "RETRIED", null, null);
    }

    private static TaskRecord ended(TaskRecord next, TaskState state, String vmId, String detail, long nowMillis) {
        next.state = state;
        next.finishedAtMillis = nowMillis;
        return log(next, nowMillis, state.name(), vmId, detail);
    }

    private static TaskRecord log(TaskRecord task, long nowMillis, String event, String vmId, String detail) {
        if (task.history.size() >= LONGEST_HISTORY) {
            task.history.remove(1);
        }
        task.history.add(new TaskRecord.Step(nowMillis, event, vmId, detail));
        return task;
    }

    static TaskRecord copy(TaskRecord from) {
        TaskRecord to = new TaskRecord();
        to.id = from.id;
        to.type = from.type;
        to.operation = from.operation;
        to.parameters = from.parameters;
        to.dataset = from.dataset;
        to.inputJson = from.inputJson;
        to.saveAs = from.saveAs;
        to.state = from.state;
        to.attempt = from.attempt;
        to.ownerNode = from.ownerNode;
        to.vmIds = new ArrayList<>(from.vmIds);
        to.createdAtMillis = from.createdAtMillis;
        to.startedAtMillis = from.startedAtMillis;
        to.finishedAtMillis = from.finishedAtMillis;
        to.notBeforeMillis = from.notBeforeMillis;
        to.cancelRequested = from.cancelRequested;
        to.resultJson = from.resultJson;
        to.error = from.error;
        to.publishing = from.publishing;
        to.history = new ArrayList<>(List.copyOf(from.history));
        return to;
    }
}
