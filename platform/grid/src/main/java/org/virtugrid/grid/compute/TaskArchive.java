package org.virtugrid.grid.compute;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.cache.Cache;
import org.apache.ignite.cache.query.ScanQuery;
import org.virtugrid.grid.fault.GridException;

/** Reads all tasks for a backup, and stores those of one. */
final class TaskArchive {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    /** Tasks of one page on their way here; each may have a result of megabytes. */
    private static final int PAGE = 64;

    private TaskArchive() {}

    /** Hands over every task there is, in no order; tasks that come or change meanwhile may be missing or old. */
    static void read(TaskStore store, Consumer<ArchivedTask> each) {
        ScanQuery<String, TaskRecord> scan = new ScanQuery<>();
        scan.setPageSize(PAGE);
        try (var cursor = store.cache().query(scan)) {
            for (Cache.Entry<String, TaskRecord> entry : cursor) {
                each.accept(archived(entry.getValue()));
            }
        }
    }

    private static ArchivedTask archived(TaskRecord task) {
        return new ArchivedTask(
                task.id,
                task.type,
                task.operation,
                task.parameters,
                task.dataset,
                task.inputJson,
                task.saveAs,
                task.state.name(),
                task.attempt,
                List.copyOf(task.vmIds),
                task.createdAtMillis,
                task.startedAtMillis,
                task.finishedAtMillis,
                task.resultJson(),
                task.error,
                task.history.stream()
                        .map(step -> new ArchivedTask.Step(
                                step.time().toEpochMilli(), step.event(), step.vmId(), step.detail()))
                        .toList());
    }

    /** Stores tasks that are not there yet. One that had not ended counts as failed: nobody works on it any more. */
    static void write(TaskStore store, Collection<ArchivedTask> tasks, Supplier<Long> nowMillis) {
        store.add(tasks.stream().map(task -> restored(task, nowMillis.get())).toList());
    }

    /** The record of an archived task; INVALID when it is none. Pure. */
    static TaskRecord restored(ArchivedTask archived, long nowMillis) {
        require(archived.id() != null && ID.matcher(archived.id()).matches(), "id", "'" + archived.id() + "' is no id");
        require(archived.type() != null && archived.operation() != null, "type", archived.id() + " has no type");
        TaskRecord task = new TaskRecord();
        task.id = archived.id();
        task.type = archived.type();
        task.operation = archived.operation();
        task.parameters = new TreeMap<>(archived.parameters() == null ? Map.of() : archived.parameters());
        task.dataset = archived.dataset();
        task.inputJson = archived.inputJson();
        task.saveAs = archived.saveAs();
        task.state = state(archived);
        task.attempt = archived.attempts();
        task.vmIds = new ArrayList<>(archived.vmIds() == null ? List.of() : archived.vmIds());
        task.createdAtMillis = archived.createdAtMillis();
        task.startedAtMillis = archived.startedAtMillis();
        task.finishedAtMillis = archived.finishedAtMillis();
        task.resultJson = archived.resultJson();
        task.error = archived.error();
        task.history = new ArrayList<>();
        for (ArchivedTask.Step step : archived.history() == null ? List.<ArchivedTask.Step>of() : archived.history()) {
            task.history.add(new TaskRecord.Step(step.timeMillis(), step.event(), step.vmId(), step.detail()));
        }
        if (!task.state.ended()) {
            task.state = TaskState.FAILED;
            task.error = "it had not ended when the backup was made";
            task.finishedAtMillis = nowMillis;
            task.history.add(new TaskRecord.Step(nowMillis, "FAILED", null, task.error));
        }
        return task;
    }

    private static TaskState state(ArchivedTask archived) {
        try {
            return TaskState.valueOf(String.valueOf(archived.state()));
        } catch (IllegalArgumentException e) {
            throw new GridException(
                    GridException.Kind.INVALID,
                    "state",
                    archived.id() + " has the state '" + archived.state() + "'",
                    "restore a backup of this version or an older one",
                    e);
        }
    }

    private static void require(boolean fine, String field, String detail) {
        if (!fine) {
            throw GridException.invalid(field, detail, "restore a file that `virtugrid backup create` made");
        }
    }
}
