package org.virtugrid.grid.compute;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.lang.IgniteCallable;
import org.virtugrid.grid.dataset.DatasetCatalogue;
import org.virtugrid.grid.dataset.TaskOutputs;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.grid.topology.Caches;

/** The tasks over Ignite, for control nodes and thin clients' tasks. */
public final class TaskService implements Tasks {
    private static final long ASK_MILLIS = 15_000;
    private static final long SHORTEST_POLL_MILLIS = 2;
    private static final long MOST_TASKS_POLL_MILLIS = 10;
    private static final int TASKS_A_POLL_MILLI = 60;
    private static final long LONGEST_POLL_MILLIS = 200;

    private final Ignite ignite;
    private final Clock clock;
    private final TaskStore store;
    private final TaskSpecCheck check;
    private final TaskIntake intake;
    private final SecureRandom random = new SecureRandom();

    /** The tasks of an active grid. */
    public TaskService(Ignite ignite, Clock clock) {
        this.ignite = ignite;
        this.clock = clock;
        this.store = new TaskStore(ignite);
        this.intake = new TaskIntake(ignite);
        this.check = new TaskSpecCheck(new DatasetCatalogue(ignite));
    }

    /** Makes the cache of tasks; idempotent. */
    public static void initialise(Ignite ignite) {
        TaskStore.initialise(ignite);
    }

    @Override
    public TaskRecord submit(TaskSpec spec) {
        TaskRecord task = queued(List.of(spec)).get(0);
        reading(() -> intake.take(List.of(task), Duration.ZERO));
        return task;
    }

    @Override
    public List<String> submitAll(List<TaskSpec> specs) {
        List<TaskRecord> tasks = queued(specs);
        reading(() -> intake.take(tasks, Duration.ZERO));
        return tasks.stream().map(TaskRecord::id).toList();
    }

    @Override
    public List<TaskRecord> runAll(List<TaskSpec> specs, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        List<TaskRecord> tasks = queued(specs);
        Map<String, TaskRecord> ended = new HashMap<>();
        reading(() -> intake.take(tasks, atMost)).forEach(task -> ended.put(task.id(), task));
        List<String> open = tasks.stream()
                .map(TaskRecord::id)
                .filter(id -> !ended.containsKey(id))
                .toList();
        if (!open.isEmpty()) {
            Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            awaitAll(open, left).forEach(task -> ended.put(task.id(), task));
        }
        return tasks.stream().map(task -> ended.getOrDefault(task.id(), task)).toList();
    }

    private List<TaskRecord> queued(List<TaskSpec> specs) {
        reading(() -> {
            specs.forEach(check::validate);
            return null;
        });
        long now = clock.millis();
        List<TaskRecord> tasks = new ArrayList<>(specs.size());
        specs.forEach(spec -> tasks.add(TaskTransitions.queued(newId(), spec, now)));
        return tasks;
    }

    @Override
    public Optional<TaskRecord> find(String taskId) {
        return Optional.ofNullable(reading(() -> store.get(taskId)));
    }

    private TaskRecord require(String taskId) {
        return find(taskId).orElseThrow(() -> GridException.notFound("task", taskId, "task list shows what is there"));
    }

    @Override
    public List<TaskRecord> list(TaskQuery query) {
        List<TaskRecord> found = new ArrayList<>();
        broadcast(new TaskCalls.Find(query)).forEach(found::addAll);
        found.sort(Comparator.comparing(TaskRecord::createdAt).reversed().thenComparing(TaskRecord::id));
        return found.subList(0, Math.min(found.size(), query.limit()));
    }

    @Override
    public TaskRecord await(String taskId, Duration atMost) {
        return await(taskId, atMost, SHORTEST_POLL_MILLIS);
    }

    private TaskRecord await(String taskId, Duration atMost, long shortestPoll) {
        long begun = System.nanoTime();
        while (true) {
            TaskRecord task = require(taskId);
            long waited = System.nanoTime() - begun;
            if (task.state().ended() || waited >= atMost.toNanos()) {
                return task;
            }
            // A small share of the time it has taken so far, so that nobody waits noticeably longer than the work does
            long pause = TimeUnit.NANOSECONDS.toMillis(waited) / 50;
            TaskIntake.pause(Math.min(LONGEST_POLL_MILLIS, Math.max(shortestPoll, pause)));
        }
    }

    private List<TaskRecord> awaitAll(List<String> taskIds, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        Map<String, TaskRecord> tasks = new HashMap<>();
        List<String> open = new ArrayList<>(taskIds);
        while (true) {
            // The last one usually ends last; asking for it alone is cheap
            String last = open.get(open.size() - 1);
            await(last, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())), pollOf(open.size()));
            tasks.putAll(reading(() -> store.getAll(open)));
            open.removeIf(id -> !tasks.containsKey(id) || tasks.get(id).state().ended());
            if (open.isEmpty() || System.nanoTime() >= deadline) {
                return taskIds.stream().map(tasks::get).filter(Objects::nonNull).toList();
            }
        }
    }

    /** Many tasks take longer than one, and asking costs what a task costs. */
    private static long pollOf(int tasks) {
        return Math.min(MOST_TASKS_POLL_MILLIS, SHORTEST_POLL_MILLIS + tasks / TASKS_A_POLL_MILLI);
    }

    @Override
    public void archive(Consumer<ArchivedTask> each) {
        reading(() -> {
            TaskArchive.read(store, each);
            return null;
        });
    }

    @Override
    public void restore(List<ArchivedTask> tasks) {
        reading(() -> {
            TaskArchive.write(store, tasks, clock::millis);
            return null;
        });
    }

    @Override
    @SuppressWarnings("unchecked")
    public TaskProgress progress(TaskRecord task) {
        double ended = task.state() == TaskState.SUCCEEDED ? 1 : 0;
        ClusterNode owner = task.state() == TaskState.RUNNING ? ignite.cluster().node(task.ownerNode()) : null;
        if (owner != null) {
            try {
                Map<String, Object> answer = ignite.compute(ignite.cluster().forNode(owner))
                        .withNoFailover()
                        .callAsync(new TaskCalls.Progress(task.id()))
                        .get(1, TimeUnit.SECONDS);
                if (answer != null) {
                    return new TaskProgress((Double) answer.get("ratio"), new TreeMap<>((Map<String, List<Integer>>)
                            answer.get("running")));
                }
            } catch (IgniteException e) {
                // The worker is frozen or gone; what it was doing is not known now.
            }
        }
        return new TaskProgress(ended, Map.of());
    }

    @Override
    public TaskRecord cancel(String taskId) {
        require(taskId);
        long now = clock.millis();
        TaskRecord changed = reading(() -> store.change(taskId, task -> TaskTransitions.cancelRequested(task, now)));
        if (changed != null && changed.state().ended() && changed.saveAs() != null) {
            // Nobody leads it now who could give up what an attempt before had begun
            reading(() -> {
                new TaskOutputs(ignite, clock).discard(changed.saveAs(), taskId);
                return null;
            });
        }
        return changed == null ? require(taskId) : changed;
    }

    @Override
    public TaskRecord retry(String taskId) {
        TaskRecord before = require(taskId);
        long now = clock.millis();
        TaskRecord changed = reading(() -> store.change(taskId, task -> TaskTransitions.retried(task, now)));
        if (changed == null && before.state().ended() && before.state() != TaskState.SUCCEEDED) {
            // The change was made twice, or by somebody else just now
            return require(taskId);
        }
        if (changed == null) {
            throw new GridException(
                    GridException.Kind.CONFLICT,
                    "task",
                    "task " + taskId + " is " + before.state(),
                    "retry tasks that FAILED or were CANCELLED");
        }
        ClusterNode owner = ignite.affinity(Caches.TASKS).mapKeyToNode(taskId);
        if (owner != null) {
            ignite.compute(ignite.cluster().forNode(owner)).callAsync(new TaskCalls.TakeUp(changed));
        }
        return changed;
    }

    @Override
    public Map<TaskState, Long> counts() {
        Map<TaskState, Long> counts = new EnumMap<>(TaskState.class);
        broadcast(new TaskCalls.Count())
                .forEach(part -> part.forEach((state, count) -> counts.merge(state, count, Long::sum)));
        return counts;
    }

    @Override
    public Map<String, VmWork> workByVm() {
        Map<String, VmWork> byVm = new HashMap<>();
        broadcast(new TaskCalls.Figures())
                .forEach(figures -> byVm.put(
                        (String) figures.get("vm"),
                        new VmWork((Long) figures.get("queued"), (Long) figures.get("completed"), (Long)
                                figures.get("stubborn"))));
        return byVm;
    }

    private <T> Collection<T> broadcast(IgniteCallable<T> call) {
        return reading(() -> ignite.compute(Workers.group(ignite))
                .withTimeout(ASK_MILLIS)
                .withNoFailover()
                .broadcast(call));
    }

    private static <T> T reading(java.util.function.Supplier<T> call) {
        try {
            return call.get();
        } catch (IgniteException | javax.cache.CacheException e) {
            throw new GridException(
                    GridException.Kind.UNAVAILABLE,
                    null,
                    "the workers cannot tell now: " + TaskIntake.reason(e),
                    "see status, then try again",
                    e);
        }
    }

    /** Ids grow with time, so that they sort, and cannot be guessed. */
    private String newId() {
        long time = clock.millis();
        return Long.toString(time, 36) + "-" + String.format("%010x", random.nextLong() & 0xffffffffffL);
    }
}
