package org.virtugrid.grid.compute;

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

    AttemptRunner(WorkerRuntime worker, TaskStore store, Clock clock, Attempt attempt) {
        this.worker = worker;
        this.store = store;
        this.clock = clock;
        this.attempt = attempt;
        this.node = worker.ignite().cluster().localNode().id();
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
        TaskRecord task = attempt.task();
        int number = task.attempt();
        String vm = worker.vmId();
        try {
            commit(new Runs(worker, attempt, outputs).run());
        } catch (Attempt.StoppedException e) {
            if (e.getMessage().equals(FENCED)) {
                // What the workers did for the task belongs to its next attempt now.
                return;
            }
            if (e.getMessage().equals(CANCELLED)) {
                discardOutput();
                store.change(task.id(), now -> TaskTransitions.cancelled(now, number, node, vm, clock.millis()));
            }
        } catch (InvalidJobException e) {
            fail(e.getMessage());
        } catch (GridException e) {
            if (e.kind() == GridException.Kind.UNAVAILABLE) {
                postpone(e);
            } else {
                fail(e.fix() == null ? e.getMessage() : e.getMessage() + "; " + e.fix());
            }
        } catch (OutOfMemoryError e) {
            fail("memory: the work does not fit into the heap of worker " + vm + "; use workers with more memory");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            WorkerRuntime.LOG.warn("Attempt {} of task {} failed", number, task.id(), e);
            postpone(e);
        }
        release();
    }

    private void commit(Outcome outcome) {
        TaskRecord task = attempt.task();
        int number = task.attempt();
        String vm = worker.vmId();
        String json = outcome.json();
        long now = clock.millis();
        UUID owner = node;
        if (outcome.output() == null) {
            store.change(task.id(), at -> TaskTransitions.succeeded(at, number, owner, vm, json, now));
            return;
        }
        store.changeWith(
                task.id(),
                at -> TaskTransitions.succeeded(at, number, owner, vm, json, now),
                () -> outputs.publish(outcome.output()));
    }

    private void fail(String error) {
        discardOutput();
        TaskRecord task = attempt.task();
        int number = task.attempt();
        String vm = worker.vmId();
        long now = clock.millis();
        UUID owner = node;
        store.change(task.id(), at -> TaskTransitions.failed(at, number, owner, vm, error, now));
    }

    private void postpone(Exception cause) {
        TaskRecord task = attempt.task();
        int number = task.attempt();
        String vm = worker.vmId();
        long now = clock.millis();
        UUID owner = node;
        String error = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        TaskRecord after = store.change(task.id(), at -> TaskTransitions.postponed(at, number, owner, vm, error, now));
        if (after != null && after.state() == TaskState.FAILED) {
            discardOutput();
        }
    }

    private void discardOutput() {
        TaskRecord task = attempt.task();
        try {
            if (task.saveAs() != null) {
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
