package org.virtugrid.grid.compute;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.virtugrid.grid.fault.GridException;

/** Tasks in memory that end when the test says so. */
public final class FakeTasks implements Tasks {
    private final Map<String, TaskRecord> tasks = new LinkedHashMap<>();

    /** What was submitted, in order. */
    public final List<TaskSpec> submitted = new ArrayList<>();

    /** The last query. */
    public volatile TaskQuery lastQuery;

    @Override
    public synchronized TaskRecord submit(TaskSpec spec) {
        if (spec.operation().equals("nonsense")) {
            throw GridException.invalid("operation", "there is no operation 'nonsense'", "use sort");
        }
        submitted.add(spec);
        TaskRecord task = new TaskRecord();
        task.id = "t" + submitted.size();
        task.type = spec.type();
        task.operation = spec.operation();
        task.parameters = spec.parameters();
        task.dataset = spec.dataset();
        task.inputJson = spec.inputJson();
        task.saveAs = spec.saveAs();
        task.state = TaskState.RUNNING;
        task.attempt = 1;
        task.vmIds = List.of("w1");
        task.createdAtMillis = 1_000;
        task.startedAtMillis = 2_000;
        task.history = List.of(new TaskRecord.Step(1_000, "QUEUED", null, null));
        tasks.put(task.id, task);
        return task;
    }

    @Override
    public List<String> submitAll(List<TaskSpec> specs) {
        return specs.stream().map(spec -> submit(spec).id()).toList();
    }

    @Override
    public synchronized Optional<TaskRecord> find(String taskId) {
        return Optional.ofNullable(tasks.get(taskId));
    }

    @Override
    public synchronized List<TaskRecord> list(TaskQuery query) {
        lastQuery = query;
        return List.copyOf(tasks.values());
    }

    @Override
    public TaskRecord await(String taskId, Duration atMost) {
        return succeed(taskId, "[1,2.50,3e400]");
    }

    @Override
    public List<TaskRecord> runAll(List<TaskSpec> specs, Duration atMost) {
        return submitAll(specs).stream().map(id -> await(id, atMost)).toList();
    }

    /** Ends a task with a result. */
    public synchronized TaskRecord succeed(String taskId, String resultJson) {
        TaskRecord task = tasks.get(taskId);
        TaskRecord ended = new TaskRecord();
        ended.id = task.id;
        ended.type = task.type;
        ended.operation = task.operation;
        ended.parameters = task.parameters;
        ended.dataset = task.dataset;
        ended.vmIds = task.vmIds;
        ended.attempt = task.attempt;
        ended.history = task.history;
        ended.createdAtMillis = task.createdAtMillis;
        ended.startedAtMillis = task.startedAtMillis;
        ended.finishedAtMillis = 5_000;
        ended.resultJson = resultJson;
        ended.state = TaskState.SUCCEEDED;
        tasks.put(taskId, ended);
        return ended;
    }

    @Override
    public TaskProgress progress(TaskRecord task) {
        return new TaskProgress(0.25, Map.of("w1", List.of(3)));
    }

    @Override
    public TaskRecord cancel(String taskId) {
        return find(taskId).orElseThrow();
    }

    @Override
    public TaskRecord retry(String taskId) {
        return find(taskId).orElseThrow();
    }

    @Override
    public Map<TaskState, Long> counts() {
        return Map.of();
    }

    @Override
    public Map<String, VmWork> workByVm() {
        return Map.of();
    }

    @Override
    public synchronized void archive(Consumer<ArchivedTask> each) {
        tasks.values()
                .forEach(task -> each.accept(new ArchivedTask(
                        task.id,
                        task.type,
                        task.operation,
                        task.parameters,
                        task.dataset,
                        task.inputJson,
                        task.saveAs,
                        task.state.name(),
                        task.attempt,
                        task.vmIds,
                        task.createdAtMillis,
                        task.startedAtMillis,
                        task.finishedAtMillis,
                        task.resultJson,
                        task.error,
                        List.of())));
    }

    @Override
    public synchronized void restore(List<ArchivedTask> archived) {
        archived.forEach(task -> tasks.putIfAbsent(task.id(), TaskArchive.restored(task, 9_000)));
    }
}
