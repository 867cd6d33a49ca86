package org.virtugrid.grid.compute;

import java.io.Serializable;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.Job;

/** Runs many tasks with small inline input as one batch: one write begins them all, one commits their results. */
final class SmallTasks {
    private final WorkerRuntime worker;
    private final TaskStore store;
    private final Clock clock;

    SmallTasks(WorkerRuntime worker, TaskStore store, Clock clock) {
        this.worker = worker;
        this.store = store;
        this.clock = clock;
    }

    void run(List<String> ids) {
        UUID node = worker.ignite().cluster().localNode().id();
        String vm = worker.vmId();
        long begun = clock.millis();
        Map<String, TaskRecord> claimed =
                store.changeAll(ids, now -> TaskTransitions.claimed(now, null, node, vm, begun));
        Map<String, TaskStore.Change> outcomes = new HashMap<>();
        claimed.forEach((id, task) -> outcomes.put(id, outcome(task, node, vm)));
        if (!outcomes.isEmpty()) {
            store.changeEach(outcomes);
        }
    }

    private TaskStore.Change outcome(TaskRecord task, UUID node, String vm) {
        int attempt = task.attempt();
        try {
            String result = compute(worker, task);
            long ended = clock.millis();
            return now -> TaskTransitions.succeeded(now, attempt, node, vm, result, ended);
        } catch (InvalidJobException e) {
            String error = e.getMessage();
            long ended = clock.millis();
            return now -> TaskTransitions.failed(now, attempt, node, vm, error, ended);
        } catch (RuntimeException e) {
            WorkerRuntime.LOG.warn("Task {} failed", task.id(), e);
            String error = e.toString();
            long ended = clock.millis();
            return now -> TaskTransitions.postponed(now, attempt, node, vm, error, ended);
        }
    }

    /** The result of a task with inline input, as JSON. */
    static String compute(WorkerRuntime worker, TaskRecord task) throws InvalidJobException {
        Job<Serializable> job = worker.job(task.operation());
        UnitContext context =
                worker.context(task.parameters(), true, new Unit(new UnitKey(task.id(), "inline", "0"), new int[0]));
        var values = ResultJson.array(task.inputJson());
        Serializable partial = job.fold(context, job.create(context), ResultJson.records(values));
        for (var next = job.nextRound(context, partial); next.isPresent(); next = job.nextRound(context, partial)) {
            partial = job.fold(context, next.get(), ResultJson.records(values));
        }
        return ResultJson.write(job.finish(context, partial).value());
    }
}
