package org.virtugrid.grid.compute;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The tasks of the grid. Safe for use by several threads; every call may block and fails with
 * {@link org.virtugrid.grid.fault.GridException}. Needs an active grid; running tasks need no caller.
 */
public interface Tasks {

    /** Checks the task, stores it with its copies, and hands it to the worker that will lead it. */
    TaskRecord submit(TaskSpec spec);

    /**
     * The same for many at once, in order, in batches to a worker. The
     * first wrong one refuses the whole call before anything is stored.
     */
    List<String> submitAll(List<TaskSpec> specs);

    /**
     * The same, and answers with the tasks, in that order, when all have ended or the time is up. Quick ones with a small inline
     * input are run where they will lie and stored once, with their result; until this call answers, nobody else may see them,
     * and when it fails, some of them may never have been.
     */
    List<TaskRecord> runAll(List<TaskSpec> specs, Duration atMost);

    /** The task as it is now, or nothing. */
    Optional<TaskRecord> find(String taskId);

    /** Tasks, the newest first; without their input, and without results of more than 4,096 characters (419 in the longest list). */
    List<TaskRecord> list(TaskQuery query);

    /** The task once it has ended, or as it is when the time is up. */
    TaskRecord await(String taskId, Duration atMost);

    /** Live progress of a task, 0 to 1, and the partitions in work by VM id. */
    TaskProgress progress(TaskRecord task);

    /** Asks a task to stop; what has ended stays as it is. Idempotent. */
    TaskRecord cancel(String taskId);

    /** Queues a task that failed or was cancelled once more under the same id. */
    TaskRecord retry(String taskId);

    /** How many tasks are in each state. */
    Map<TaskState, Long> counts();

    /** How much work each VM has, by VM id; VMs that are not in the grid are left out. */
    Map<String, VmWork> workByVm();

    /** Hands over every task for a backup, in no order; those that come or change meanwhile may be missing or old. */
    void archive(Consumer<ArchivedTask> each);

    /**
     * Stores tasks of a backup; those that are there already stay as they are. One that had not ended counts as failed. INVALID
     * stores none of them.
     */
    void restore(List<ArchivedTask> tasks);
}
