package org.virtugrid.grid.compute;

import java.io.Serializable;
import java.time.Clock;
import java.util.UUID;
import org.apache.ignite.IgniteException;
import org.virtugrid.grid.dataset.DatasetInfo;
import org.virtugrid.grid.dataset.TaskOutputs;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.jobs.api.InvalidJobException;

/** Leads one attempt to its outcome and commits that, if the attempt is still the task's current one. */
final class AttemptRunner {
    static final String CANCELLED = "cancelled";
    static final String FENCED = "another worker has taken the task over";
    /** Characters of a result that stay in the task's record. */
    static final int LARGEST_RESULT = 1 << 20;

    private final WorkerRuntime worker;
    private final TaskStore store;
    private final Clock clock;
    private final Attempt attempt;
    private final UUID node;
    private final TaskOutputs outputs;
    /** The task will succeed, whatever becomes of this attempt; its output must stay. */
    private boolean decided;

    AttemptRunner(WorkerRuntime worker, TaskStore store, Clock clock, Attempt attempt) {
        this.worker = worker;
        this.store = store;
        this.clock = clock;
        this.attempt = attempt;
        this.node = worker.ignite().cluster().localNode().id();
        this.decided = attempt.task().publishing() != null;
        this.outputs = new TaskOutputs(worker.ignite(), clock);
    }

    /**
     * What a run came to.
     *
     * @param json the result
     * @param output the dataset that is to be published with it, or null
     */
    record Outcome(String json, DatasetInfo output) {}

    void run() {
        Runnable ending;
        try {
            ending = work();
        } catch (Exception | Error e) {
            ending = after(e);
        }
        if (!attempt.conclude()) {
            // It was told to stop, didn't, and was left alone; its ending has been written
            return;
        }
        try {
            ending.run();
        } catch (RuntimeException | Error e) {
            after(e).run();
        }
    }

    private Runnable work() throws Exception {
        if (decided) {
            return () -> {
                publish(attempt.task().publishing());
                release();
            };
        }
        Outcome outcome = new Runs(worker, attempt, outputs).run();
        // What a job returns that was told to stop may be cut short
        attempt.checkStopped();
        return () -> {
            commit(outcome);
            release();
        };
    }

    /** What has to be written after an error. */
    private Runnable after(Throwable error) {
        if (error instanceof Attempt.StoppedException
                || (error instanceof InvalidJobException && attempt.cancelled())) {
            // A job that was told to stop may say so with an error of its own
            return () -> stopped(attempt.stopReason());
        }
        if (error instanceof InvalidJobException) {
            return () -> fail(error.getMessage());
        }
        if (error instanceof GridException e && e.kind() != GridException.Kind.UNAVAILABLE) {
            return () -> fail(e.fix() == null ? e.getMessage() : e.getMessage() + "; " + e.fix());
        }
        if (error instanceof OutOfMemoryError) {
            String message = "memory: the work does not fit into the heap of worker " + worker.vmId()
                    + "; use workers with more memory";
            return worker.engine().leadsSeveral()
                    ? () -> postpone(new IllegalStateException(message, error))
                    : () -> fail(message);
        }
        if (error instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return this::release;
        }
        if (!(error instanceof GridException)) {
            WorkerRuntime.LOG.warn(
                    "Attempt {} of task {} failed",
                    attempt.task().attempt(),
                    attempt.task().id(),
                    error);
        }
        return () -> postpone(error);
    }

    /** Writes the ending of an attempt that was told to stop. */
    void stopped(String reason) {
        // What workers did for a task that another one leads now belongs to its next attempt
        if (reason.equals(CANCELLED)) {
            discardOutput();
            change(TaskTransitions::cancelled);
        }
    }

    /** How an attempt ends. It is carried out where the record lies, so it must hold nothing but values. */
    private interface Ending extends Serializable {
        TaskRecord of(TaskRecord now, int attempt, UUID node, String vmId, long nowMillis);
    }

    private TaskRecord change(Ending ending) {
        return store.change(attempt.task().id(), mine(ending));
    }

    private TaskStore.Change mine(Ending ending) {
        int number = attempt.task().attempt();
        UUID owner = node;
        String vm = worker.vmId();
        long now = clock.millis();
        return task -> ending.of(task, number, owner, vm, now);
    }

    private void commit(Outcome outcome) {
        String json = outcome.json();
        if (outcome.output() == null) {
            change((task, number, owner, vm, now) -> TaskTransitions.succeeded(task, number, owner, vm, json, now));
            return;
        }
        String output = outcome.output().name();
        decided = true;
        TaskRecord task =
                change((now, number, owner, vm, at) -> TaskTransitions.publishing(now, number, owner, json, output));
        if (task != null) {
            publish(output);
        }
    }

    /** From the decision on there is no way back: whoever leads the task next carries on here. */
    private void publish(String output) {
        if (outputs.publish(output, attempt.task().id())) {
            change(TaskTransitions::published);
        } else {
            change(TaskTransitions::outputGone);
        }
    }

    private void fail(String error) {
        discardOutput();
        change((task, number, owner, vm, now) -> TaskTransitions.failed(task, number, owner, vm, error, now));
    }

    private void postpone(Throwable cause) {
        String error = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        TaskRecord after = change(
                (task, number, owner, vm, now) -> TaskTransitions.postponed(task, number, owner, vm, error, now));
        if (after != null && after.state() == TaskState.FAILED) {
            discardOutput();
        }
        release();
    }

    /** Ends what workers still do for the task, and takes away what they have written. */
    private void discardOutput() {
        TaskRecord task = attempt.task();
        release();
        try {
            if (task.saveAs() != null && !decided) {
                outputs.discard(task.saveAs(), task.id());
            }
        } catch (IgniteException e) {
            WorkerRuntime.LOG.warn("The unfinished output of task {} could not be removed", task.id(), e);
        }
    }

    private void release() {
        if (attempt.task().inputJson() != null) {
            return;
        }
        try {
            worker.ignite()
                    .compute(Workers.group(worker.ignite()))
                    .withNoFailover()
                    .broadcastAsync(new UnitCalls.Release(attempt.task().id()));
        } catch (IgniteException e) {
            // Units that nobody asks for end by themselves.
        }
    }
}
