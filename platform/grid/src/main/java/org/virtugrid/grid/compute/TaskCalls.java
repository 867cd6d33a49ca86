package org.virtugrid.grid.compute;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.ignite.Ignite;
import org.apache.ignite.lang.IgniteCallable;
import org.apache.ignite.resources.IgniteInstanceResource;
import org.virtugrid.grid.topology.Caches;
import org.virtugrid.grid.topology.NodeAttributes;

/** What clients of the task service ask of workers. */
final class TaskCalls {
    private TaskCalls() {}

    /** Stores tasks, most of them with their primary copy on this worker, and has it take them up at once. */
    static final class Intake implements IgniteCallable<List<TaskRecord>> {
        private static final long serialVersionUID = 2L;

        private final ArrayList<TaskRecord> tasks;
        private final boolean awaited;

        @IgniteInstanceResource
        private transient Ignite ignite;

        /**
         * @param awaited whether the caller waits for the tasks and will send them again when no answer comes, so that small ones
         *     may be run before they are stored
         */
        Intake(List<TaskRecord> tasks, boolean awaited) {
            this.tasks = new ArrayList<>(tasks);
            this.awaited = awaited;
        }

        /** Those of the tasks that have ended already. */
        @Override
        public List<TaskRecord> call() {
            TaskEngine engine = WorkerRuntime.of(ignite).engine();
            List<TaskRecord> mine = ownedHere(ignite, tasks);
            // Those of another worker, which the topology gave them to meanwhile, are found there by its next scan
            if (awaited && mine.size() == tasks.size()) {
                return engine.runOrEnqueue(mine);
            }
            new TaskStore(ignite).add(tasks);
            engine.enqueue(mine);
            return new ArrayList<>();
        }
    }

    /** Has a worker take up a task that was queued again. */
    static final class TakeUp implements IgniteCallable<Boolean> {
        private static final long serialVersionUID = 1L;

        private final TaskRecord task;

        @IgniteInstanceResource
        private transient Ignite ignite;

        TakeUp(TaskRecord task) {
            this.task = task;
        }

        @Override
        public Boolean call() {
            WorkerRuntime.of(ignite).engine().enqueue(ownedHere(ignite, List.of(task)));
            return true;
        }
    }

    private static List<TaskRecord> ownedHere(Ignite ignite, List<TaskRecord> tasks) {
        return tasks.stream()
                .filter(task ->
                        ignite.affinity(Caches.TASKS).isPrimary(ignite.cluster().localNode(), task.id()))
                .toList();
    }

    /** A task's progress on the worker that leads it; null when that is not this one. */
    static final class Progress implements IgniteCallable<Map<String, Object>> {
        private static final long serialVersionUID = 1L;

        private final String taskId;

        @IgniteInstanceResource
        private transient Ignite ignite;

        Progress(String taskId) {
            this.taskId = taskId;
        }

        @Override
        public Map<String, Object> call() {
            TaskProgress progress = WorkerRuntime.of(ignite).engine().progress(taskId);
            if (progress == null) {
                return null;
            }
            Map<String, Object> answer = new HashMap<>();
            answer.put("ratio", progress.ratio());
            Map<String, List<Integer>> running = new HashMap<>();
            progress.running().forEach((vm, parts) -> running.put(vm, new ArrayList<>(parts)));
            answer.put("running", running);
            return answer;
        }
    }

    /** The newest tasks of a worker that a query asks for. */
    static final class Find implements IgniteCallable<List<TaskRecord>> {
        private static final long serialVersionUID = 1L;

        private final TaskState state;
        private final String type;
        private final String search;
        private final long fromMillis;
        private final long toMillis;
        private final int limit;

        @IgniteInstanceResource
        private transient Ignite ignite;

        Find(TaskQuery query) {
            this.state = query.state();
            this.type = query.type();
            this.search = query.search();
            this.fromMillis =
                    query.from() == null ? Long.MIN_VALUE : query.from().toEpochMilli();
            this.toMillis = query.to() == null ? Long.MAX_VALUE : query.to().toEpochMilli();
            this.limit = query.limit();
        }

        @Override
        public List<TaskRecord> call() {
            TaskQuery query = new TaskQuery(state, type, search, instant(fromMillis), instant(toMillis), limit);
            return TaskScan.list(ignite, query);
        }

        private static java.time.Instant instant(long millis) {
            return millis == Long.MIN_VALUE || millis == Long.MAX_VALUE ? null : java.time.Instant.ofEpochMilli(millis);
        }
    }

    /** How many tasks a worker's part of the cache has in each state. */
    static final class Count implements IgniteCallable<Map<TaskState, Long>> {
        private static final long serialVersionUID = 1L;

        @IgniteInstanceResource
        private transient Ignite ignite;

        @Override
        public Map<TaskState, Long> call() {
            return TaskScan.counts(ignite);
        }
    }

    /** A worker's own figures, with its VM's id. */
    static final class Figures implements IgniteCallable<Map<String, Object>> {
        private static final long serialVersionUID = 1L;

        @IgniteInstanceResource
        private transient Ignite ignite;

        @Override
        public Map<String, Object> call() {
            // A worker that is still starting leads nothing yet
            Map<String, Object> figures = new HashMap<>(WorkerRuntime.find(ignite)
                    .map(runtime -> runtime.engine().figures())
                    .orElse(Map.of("queued", 0L, "leading", 0L, "completed", 0L, "stubborn", 0L)));
            figures.put("vm", NodeAttributes.vmId(ignite.cluster().localNode()));
            return figures;
        }
    }
}
