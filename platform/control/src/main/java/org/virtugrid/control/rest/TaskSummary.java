package org.virtugrid.control.rest;

import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.virtugrid.grid.compute.TaskRecord;
import org.virtugrid.grid.compute.TaskState;

/**
 * How tasks of one type went.
 *
 * @param successRate of those that succeeded or failed, 0 to 1; null while there are none
 * @param meanSeconds from begin to success; null while there is none
 */
public record TaskSummary(
        String type, long total, long succeeded, long failed, Double successRate, Double meanSeconds) {

    static List<TaskSummary> of(List<TaskRecord> tasks) {
        return tasks.stream()
                .collect(Collectors.groupingBy(TaskRecord::type, TreeMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .map(group -> of(group.getKey(), group.getValue()))
                .toList();
    }

    private static TaskSummary of(String type, List<TaskRecord> tasks) {
        List<TaskRecord> good = tasks.stream()
                .filter(task -> task.state() == TaskState.SUCCEEDED)
                .toList();
        long failed =
                tasks.stream().filter(task -> task.state() == TaskState.FAILED).count();
        long ended = good.size() + failed;
        Double mean = good.isEmpty()
                ? null
                : good.stream()
                                .filter(task -> task.startedAt() != null && task.finishedAt() != null)
                                .mapToLong(task -> Duration.between(task.startedAt(), task.finishedAt())
                                        .toMillis())
                                .average()
                                .orElse(0)
                        / 1000;
        return new TaskSummary(
                type, tasks.size(), good.size(), failed, ended == 0 ? null : (double) good.size() / ended, mean);
    }
}
