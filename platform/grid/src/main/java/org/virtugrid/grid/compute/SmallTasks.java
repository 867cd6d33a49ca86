package org.virtugrid.grid.compute;

import java.io.Serializable;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.Job;

/**
 * Runs many tasks with small inline input as one batch.
 *
 * <p>A task that came just now is computed first, and one write both begins and ends it. Should its worker die meanwhile it is
 * still queued; whoever finds it then begins it with a write of its own, so that a task that kills its workers is counted. A
 * batch that takes longer than a moment is begun by {@link #beginIfLate}, so that it shows as running. Tasks whose caller
 * waits for them need not even be stored before (see {@link #runUnstored}). For one batch only.
 */
final class SmallTasks {
    private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final WorkerRuntime worker;
    private final TaskStore store;
    private final Clock clock;
    private final UUID node;
    private final String vm;
    private final long begunMillis;
    private final long begunNanos = System.nanoTime();
    private final AtomicBoolean begun = new AtomicBoolean();
    private final List<String> postponed = new ArrayList<>();
    private volatile List<String> fresh = List.of();
    private volatile Map<String, TaskRecord> unstored = Map.of();

    SmallTasks(WorkerRuntime worker, TaskStore store, Clock clock) {
        this.worker = worker;
        this.store = store;
        this.clock = clock;
        this.node = worker.ignite().cluster().localNode().id();
        this.vm = worker.vmId();
        this.begunMillis = clock.millis();
    }

    /**
     * Runs them to their end.
     *
     * @param newOnes as they were stored just now; nobody has tried them, though somebody may have cancelled them
     * @param foundOnes found queued
     */
    void run(List<TaskRecord> newOnes, List<String> foundOnes) {
        UUID self = node;
        String name = vm;
        long since = begunMillis;
        List<TaskRecord> tasks =
                new ArrayList<>(store.changeAll(foundOnes, now -> TaskTransitions.claimed(now, null, self, name, since))
                        .values());
        tasks.addAll(newOnes);
        fresh = newOnes.stream().map(TaskRecord::id).toList();
        end(tasks);
    }

    /**
     * Runs tasks that are not stored yet and stores them as they are then. They are lost with this worker until they are stored,
     * so whoever gave them has to give them again when no answer comes.
     *
     * @return those that were changed here; others have been stored and carried on by somebody else meanwhile
     */
    Map<String, TaskRecord> runUnstored(List<TaskRecord> newOnes) {
        Map<String, TaskRecord> byId = new HashMap<>();
        newOnes.forEach(task -> byId.put(task.id(), task));
        unstored = byId;
        fresh = List.copyOf(byId.keySet());
        return end(newOnes);
    }

    /** Those of the tasks that were run that have to be tried again. */
    List<String> postponed() {
        return postponed;
    }

    private Map<String, TaskRecord> end(List<TaskRecord> tasks) {
        Map<String, TaskStore.Change> outcomes = new HashMap<>();
        tasks.forEach(task -> outcomes.put(task.id(), outcome(task)));
        // From here on the outcome itself begins them
        begun.set(true);
        return store.changeEach(outcomes, unstored);
    }

    /** Marks tasks as begun that have been computed for a while. Called by another thread. */
    void beginIfLate() {
        List<String> late = fresh;
        if (!late.isEmpty() && System.nanoTime() - begunNanos > LATE_NANOS && begun.compareAndSet(false, true)) {
            UUID self = node;
            String name = vm;
            long since = begunMillis;
            TaskStore.Change first = now -> TaskTransitions.firstAttempt(now, self, name, since);
            Map<String, TaskStore.Change> changes = new HashMap<>();
            late.forEach(id -> changes.put(id, first));
            store.changeEach(changes, unstored);
        }
    }

    private TaskStore.Change outcome(TaskRecord task) {
        UUID self = node;
        String name = vm;
        long since = begunMillis;
        int attempt = Math.max(1, task.attempt());
        TaskStore.Change first = now -> now.attempt() <= 1 ? TaskTransitions.firstAttempt(now, self, name, since) : now;
        try {
            String result = compute(worker, task);
            long ended = clock.millis();
            return first.then(now -> TaskTransitions.succeeded(now, attempt, self, name, result, ended));
        } catch (InvalidJobException e) {
            String error = e.getMessage();
            long ended = clock.millis();
            return first.then(now -> TaskTransitions.failed(now, attempt, self, name, error, ended));
        } catch (RuntimeException | Error e) {
            WorkerRuntime.LOG.warn("Task {} failed", task.id(), e);
            postponed.add(task.id());
            String error = e.toString();
            long ended = clock.millis();
            return first.then(now -> TaskTransitions.postponed(now, attempt, self, name, error, ended));
        }
    }

    /** The result of a task with inline input, as JSON. */
    static String compute(WorkerRuntime worker, TaskRecord task) throws InvalidJobException {
        Job<Serializable> job = worker.job(task.operation());
        UnitContext context = worker.context(
                task.parameters(), true, new Unit(new UnitKey(task.id(), "inline", "0"), new int[0], true));
        var values = ResultJson.array(task.inputJson());
        Serializable partial = job.fold(context, job.create(context), ResultJson.records(values));
        for (var next = job.nextRound(context, partial); next.isPresent(); next = job.nextRound(context, partial)) {
            partial = job.fold(context, next.get(), ResultJson.records(values));
        }
        return ResultJson.write(job.finish(context, partial).value());
    }
}
