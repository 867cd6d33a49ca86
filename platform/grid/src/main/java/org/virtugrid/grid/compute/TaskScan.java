package org.virtugrid.grid.compute;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import javax.cache.Cache;
import org.apache.ignite.Ignite;
import org.apache.ignite.cache.query.ScanQuery;
import org.virtugrid.grid.topology.Caches;

/** Looks through the tasks whose primary copy lies on this worker. */
final class TaskScan {
    /** Characters of a result that a list has; a task shown by itself has all of it. */
    private static final int LONGEST_RESULT = 4096;
    /** Characters of all results in a list of one worker, so that the longest list does not take its memory. */
    private static final int RESULTS_BYTES = 4 << 20;

    private TaskScan() {}

    /** Tasks of one partition that are queued or running. */
    static List<TaskRecord> unfinished(Ignite ignite, int partition) {
        ScanQuery<String, TaskRecord> query =
                new ScanQuery<String, TaskRecord>((id, task) -> !task.state().ended());
        query.setPartition(partition);
        query.setLocal(true);
        return read(ignite, query);
    }

    private static List<TaskRecord> read(Ignite ignite, ScanQuery<String, TaskRecord> query) {
        List<TaskRecord> found = new ArrayList<>();
        try (var cursor = ignite.<String, TaskRecord>cache(Caches.TASKS).query(query)) {
            for (Cache.Entry<String, TaskRecord> entry : cursor) {
                found.add(entry.getValue());
            }
        }
        return found;
    }

    /** The newest tasks that a query asks for, without their input, and without results that are long. */
    static List<TaskRecord> list(Ignite ignite, TaskQuery query) {
        ScanQuery<String, TaskRecord> scan = new ScanQuery<>((id, task) -> matches(query, task));
        scan.setLocal(true);
        int longest = Math.min(LONGEST_RESULT, RESULTS_BYTES / Math.max(1, query.limit()));
        PriorityQueue<TaskRecord> newest = new PriorityQueue<>(Comparator.comparing(TaskRecord::createdAt));
        try (var cursor = ignite.<String, TaskRecord>cache(Caches.TASKS).query(scan)) {
            for (Cache.Entry<String, TaskRecord> entry : cursor) {
                TaskRecord task = entry.getValue();
                if (newest.size() < query.limit()) {
                    newest.add(task.listed(longest));
                } else if (newest.peek().createdAt().isBefore(task.createdAt())) {
                    newest.remove();
                    newest.add(task.listed(longest));
                }
            }
        }
        return new ArrayList<>(newest);
    }

    private static boolean matches(TaskQuery query, TaskRecord task) {
        return (query.state() == null || query.state() == task.state())
                && (query.type() == null || query.type().equals(task.type()))
                && (query.from() == null || !task.createdAt().isBefore(query.from()))
                && (query.to() == null || task.createdAt().isBefore(query.to()))
                && (query.search() == null || contains(task, query.search().toLowerCase(Locale.ROOT)));
    }

    private static boolean contains(TaskRecord task, String text) {
        String all = String.join(
                "\n",
                task.id(),
                task.operation(),
                String.valueOf(task.dataset()),
                String.valueOf(task.saveAs()),
                task.parameters().toString(),
                String.valueOf(task.error()));
        return all.toLowerCase(Locale.ROOT).contains(text);
    }

    /** How many tasks are in each state. */
    static Map<TaskState, Long> counts(Ignite ignite) {
        Map<TaskState, Long> counts = new EnumMap<>(TaskState.class);
        ScanQuery<String, TaskRecord> scan = new ScanQuery<>();
        scan.setLocal(true);
        try (var cursor = ignite.<String, TaskRecord>cache(Caches.TASKS).query(scan)) {
            for (Cache.Entry<String, TaskRecord> entry : cursor) {
                counts.merge(entry.getValue().state(), 1L, Long::sum);
            }
        }
        return counts;
    }
}
