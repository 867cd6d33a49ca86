package org.virtugrid.grid.compute;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** The small tasks that a worker leads: they are run in batches, which spares each of them most of its cost. */
final class SmallTaskQueue {
    private static final int BATCH = 128;
    private static final int LONGEST_INPUT = 64 * 1024;
    /** Half of the threads that Ignite has for calls, so that the calls of others always find one. */
    private static final int MOST_CALLS = 4;

    private final WorkerRuntime worker;
    private final TaskStore store;
    private final Clock clock;
    private final Executor pool;
    private final Set<String> waiting;
    private final Consumer<TaskRecord> again;
    private final Runnable lookSoon;
    private final ConcurrentLinkedQueue<String> ids = new ConcurrentLinkedQueue<>();
    /** Those that nobody can have tried yet, as they were stored. */
    private final Map<String, TaskRecord> fresh = new ConcurrentHashMap<>();

    private final Set<SmallTasks> underWay = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean draining = new AtomicBoolean();
    private final Semaphore calls = new Semaphore(MOST_CALLS);
    private final AtomicLong completed = new AtomicLong();

    /**
     * @param waiting ids of all tasks that this worker has taken; a task leaves it when its batch has ended
     * @param again takes tasks that have to be tried again when their pause is over
     * @param lookSoon called when tasks were left queued in the cache
     */
    SmallTaskQueue(
            WorkerRuntime worker,
            TaskStore store,
            Clock clock,
            Executor pool,
            Set<String> waiting,
            Consumer<TaskRecord> again,
            Runnable lookSoon) {
        this.worker = worker;
        this.store = store;
        this.clock = clock;
        this.pool = pool;
        this.waiting = waiting;
        this.again = again;
        this.lookSoon = lookSoon;
    }

    /** Whether the task takes a moment at most, so that others may wait for it and nobody needs to cancel it. */
    boolean takes(TaskRecord task) {
        return task.inputJson() != null
                && task.inputJson().length() <= LONGEST_INPUT
                && task.saveAs() == null
                && worker.isQuick(task.operation());
    }

    /** Adds a task that waits already. */
    void add(TaskRecord task, boolean storedJustNow) {
        if (storedJustNow) {
            fresh.put(task.id(), task);
        }
        ids.add(task.id());
    }

    /** Begins to run what is there, unless that is under way. */
    void drain() {
        if (!ids.isEmpty() && draining.compareAndSet(false, true)) {
            pool.execute(this::runBatch);
        }
    }

    private void runBatch() {
        List<TaskRecord> newOnes = new ArrayList<>();
        List<String> foundOnes = new ArrayList<>();
        try {
            while (newOnes.size() + foundOnes.size() < BATCH && !ids.isEmpty()) {
                String id = ids.remove();
                TaskRecord stored = fresh.remove(id);
                if (stored != null) {
                    newOnes.add(stored);
                } else {
                    foundOnes.add(id);
                }
            }
            if (!newOnes.isEmpty() || !foundOnes.isEmpty()) {
                SmallTasks batch = new SmallTasks(worker, store, clock);
                run(batch, newOnes.size() + foundOnes.size(), () -> batch.run(newOnes, foundOnes));
            }
        } catch (RuntimeException e) {
            // They stay queued in the cache; the next scan finds them.
            WorkerRuntime.LOG.warn("A batch of small tasks could not be run", e);
            lookSoon.run();
        } finally {
            newOnes.forEach(task -> waiting.remove(task.id()));
            foundOnes.forEach(waiting::remove);
            draining.set(false);
            drain();
        }
    }

    /**
     * Runs small tasks that are not stored yet in the caller's thread and stores them then.
     *
     * @param ended gets those that have ended; the others were stored and are carried on with
     * @return false when this worker has enough to do, and nothing was done
     */
    boolean runNow(List<TaskRecord> tasks, List<TaskRecord> ended) {
        if (!calls.tryAcquire()) {
            return false;
        }
        List<TaskRecord> mine =
                tasks.stream().filter(task -> waiting.add(task.id())).toList();
        try {
            SmallTasks batch = new SmallTasks(worker, store, clock);
            run(batch, mine.size(), () -> batch.runUnstored(mine).values().stream()
                    .filter(task -> task.state().ended())
                    .forEach(ended::add));
            return true;
        } finally {
            mine.forEach(task -> waiting.remove(task.id()));
            calls.release();
        }
    }

    private void run(SmallTasks batch, int size, Runnable work) {
        underWay.add(batch);
        try {
            work.run();
        } finally {
            underWay.remove(batch);
        }
        completed.addAndGet((long) size - batch.postponed().size());
        store.getAll(batch.postponed()).values().forEach(again);
    }

    /** Has batches that take longer than a moment show as running. */
    void beginLate() {
        for (SmallTasks batch : underWay) {
            try {
                batch.beginIfLate();
            } catch (RuntimeException e) {
                // Their outcome begins them.
            }
        }
    }

    /** How many wait. */
    int size() {
        return ids.size();
    }

    /** How many were ended since the start. */
    long completed() {
        return completed.get();
    }
}
