package org.virtugrid.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A task.
 *
 * @param state QUEUED, RUNNING, SUCCEEDED, FAILED or CANCELLED
 * @param progress 0 to 1
 * @param attempts how often it was begun
 * @param vmIds the VMs that led its attempts, in order; the last is the current one
 * @param running what each VM is working on at this moment, by VM id: numbers of partitions without a committed result
 * @param result what it computed, null until it succeeded, and in lists where it is long
 * @param error one sentence, null unless it failed
 * @param history what happened to it, oldest first
 */
public record TaskView(
        String taskId,
        String type,
        String operation,
        String dataset,
        String saveAs,
        Map<String, String> parameters,
        String state,
        double progress,
        int attempts,
        List<String> vmIds,
        Map<String, List<Integer>> running,
        Instant createdAt,
        Instant startedAt,
        Instant finishedAt,
        Object result,
        String error,
        List<Step> history) {

    /** One step in the life of a task. */
    public record Step(Instant time, String event, String vmId, String detail) {}
}
