package org.virtugrid.grid.compute;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.ignite.Ignite;
import org.apache.ignite.lang.IgniteCallable;
import org.apache.ignite.lang.IgniteRunnable;
import org.apache.ignite.resources.IgniteInstanceResource;

/** What a leader asks of workers. None of the calls blocks its worker. */
final class UnitCalls {
    private UnitCalls() {}

    /**
     * Asks how a unit is, and begins it where it is not known and work is given. Answers with a {@link UnitStatus}, or, when
     * the unit has succeeded, with the bytes of its result alone: those may be many, and in an object Ignite would hash them.
     */
    static final class Ask implements IgniteCallable<Serializable> {
        private static final long serialVersionUID = 1L;

        private final UnitKey key;
        private final int[] parts;
        private final UnitWork work;

        @IgniteInstanceResource
        private transient Ignite ignite;

        Ask(UnitKey key, int[] parts, UnitWork work) {
            this.key = key;
            this.parts = parts;
            this.work = work;
        }

        @Override
        public Serializable call() {
            UnitStatus status = WorkerRuntime.of(ignite).units().ask(key, parts, work);
            return status.outcome() == UnitStatus.Outcome.SUCCEEDED ? status.result() : status;
        }
    }

    /** A unit that a worker has. */
    static final class Found implements Serializable {
        private static final long serialVersionUID = 1L;

        private final UnitKey key;
        private final int[] parts;

        Found(UnitKey key, int[] parts) {
            this.key = key;
            this.parts = parts;
        }

        UnitKey key() {
            return key;
        }

        int[] parts() {
            return parts;
        }
    }

    /** Asks which units of a task's phase a worker has. */
    static final class Find implements IgniteCallable<List<Found>> {
        private static final long serialVersionUID = 1L;

        private final String taskId;
        private final String phase;

        @IgniteInstanceResource
        private transient Ignite ignite;

        Find(String taskId, String phase) {
            this.taskId = taskId;
            this.phase = phase;
        }

        @Override
        public List<Found> call() {
            List<Found> found = new ArrayList<>();
            for (Unit unit : WorkerRuntime.of(ignite).units().of(taskId, phase)) {
                found.add(new Found(unit.key(), unit.parts()));
            }
            return found;
        }
    }

    /** Ends everything a worker does and keeps for a task. */
    static final class Release implements IgniteRunnable {
        private static final long serialVersionUID = 1L;

        private final String taskId;

        @IgniteInstanceResource
        private transient Ignite ignite;

        Release(String taskId) {
            this.taskId = taskId;
        }

        @Override
        public void run() {
            WorkerRuntime.of(ignite).units().release(taskId);
        }
    }
}
