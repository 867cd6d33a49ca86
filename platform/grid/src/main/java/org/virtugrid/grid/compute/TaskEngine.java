package org.virtugrid.grid.compute;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ignite.Ignite;
import org.apache.ignite.events.EventType;
import org.virtugrid.grid.dataset.TaskOutputs;
import org.virtugrid.grid.topology.Caches;

/**
 * Leads the tasks whose primary copy lies on this worker: takes what is queued, begins attempts, commits their outcome,
 * and carries on with what workers that are gone have left. Needs no control node.
 */
final class TaskEngine {
    /** Tasks on datasets that are led at the same time; each may hold a partial result of a quarter of the heap. */
    private static final int MOST_AT_ONCE = 4;

    private static final long SCAN_MILLIS = 500;
    private static final long FULL_SCAN_MILLIS = 10_000;
    /** The time between two full scans is at least so many times what one takes, since that grows with the history. */
    private static final long SCAN_SHARE = 50;

    private static final long WATCH_MILLIS = 250;

    private final WorkerRuntime worker;
    private final Clock clock;
    private final ExecutorService pool;
    private final ScheduledExecutorService timer;
    private final TaskStore store;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);
    private final Map<String, Attempt> leading = new ConcurrentHashMap<>();
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<String> large = new ConcurrentLinkedQueue<>();
    private final SmallTaskQueue small;
    private final AtomicLong completed = new AtomicLong();
    private volatile Set<Integer> scanned = Set.of();
    private volatile long lastFullScanMillis;
    private volatile long fullScanPauseMillis = FULL_SCAN_MILLIS;
    private volatile boolean scanSoon;

    TaskEngine(WorkerRuntime worker, Clock clock, ExecutorService pool, ScheduledExecutorService timer) {
        this.worker = worker;
        this.clock = clock;
        this.pool = pool;
        this.timer = timer;
        this.store = new TaskStore(worker.ignite());
        this.small =
                new SmallTaskQueue(worker, store, clock, pool, waiting, this::takeUpWhenDue, () -> scanSoon = true);
    }

    void start() {
        timer.scheduleWithFixedDelay(this::tick, SCAN_MILLIS, SCAN_MILLIS, TimeUnit.MILLISECONDS);
        timer.scheduleWithFixedDelay(this::watch, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
        worker.ignite()
                .events()
                .localListen(
                        event -> {
                            scanSoon = true;
                            return true;
                        },
                        EventType.EVT_NODE_FAILED,
                        EventType.EVT_NODE_LEFT);
    }

    /** Takes tasks that were stored just now with their primary copy here. */
    void enqueue(Collection<TaskRecord> tasks) {
        enqueue(tasks, true);
    }

    private void enqueue(Collection<TaskRecord> tasks, boolean storedJustNow) {
        for (TaskRecord task : tasks) {
            if (task.state() == TaskState.QUEUED && waiting.add(task.id())) {
                if (small.takes(task)) {
                    small.add(task, storedJustNow);
                } else {
                    large.add(task.id());
                }
            }
        }
        drain();
    }

    /**
     * Takes tasks that are not stored yet, whose caller waits. Small ones are run and then stored, unless this worker has enough
     * to do; the others are stored and queued.
     *
     * @return the tasks that have ended
     */
    List<TaskRecord> runOrEnqueue(List<TaskRecord> tasks) {
        List<TaskRecord> quick = new ArrayList<>();
        List<TaskRecord> left = new ArrayList<>();
        tasks.forEach(task -> (small.takes(task) ? quick : left).add(task));
        List<TaskRecord> ended = new ArrayList<>();
        if (!quick.isEmpty() && !small.runNow(quick, ended)) {
            left.addAll(quick);
        }
        if (!left.isEmpty()) {
            store.add(left);
            enqueue(left);
        }
        return ended;
    }

    private void drain() {
        while (!large.isEmpty() && places.tryAcquire()) {
            String id = large.poll();
            if (id == null) {
                places.release();
                break;
            }
            LeadPlace place = new LeadPlace(places);
            pool.execute(() -> {
                try {
                    lead(id, null, place);
                } finally {
                    place.free();
                    drain();
                }
            });
        }
        small.drain();
    }

    /** Leads the task's next attempt to its end; {@code place} is null for one that needs none. */
    private void lead(String id, UUID goneOwner, LeadPlace place) {
        UUID node = worker.ignite().cluster().localNode().id();
        String vm = worker.vmId();
        Attempt attempt = null;
        TaskRecord after = null;
        try {
            long now = clock.millis();
            TaskRecord task = store.change(id, at -> TaskTransitions.claimed(at, goneOwner, node, vm, now));
            if (task != null && task.state().ended() && task.saveAs() != null) {
                // Given up, with what its last attempt had begun
                new TaskOutputs(worker.ignite(), clock).discard(task.saveAs(), id);
            }
            if (task == null || task.state() != TaskState.RUNNING) {
                return;
            }
            attempt = new Attempt(task, WorkerRuntime.partialBytesLimit());
            if (task.cancelRequested()) {
                attempt.stop(AttemptRunner.CANCELLED);
            }
            AttemptRunner runner = new AttemptRunner(worker, store, clock, attempt);
            Attempt begun = attempt;
            attempt.onLeftAlone(() -> leaveAlone(begun, runner, place));
            leading.put(id, attempt);
            runner.run();
            completed.incrementAndGet();
            after = store.get(id);
        } catch (RuntimeException e) {
            WorkerRuntime.LOG.warn("Task {} could not be led now", id, e);
        } finally {
            waiting.remove(id);
            if (attempt != null) {
                leading.remove(id, attempt);
                if (attempt.wasLeftAlone()) {
                    worker.stubborn().end();
                }
            }
        }
        if (after != null) {
            takeUpWhenDue(after);
        }
    }

    /** Lets others have the place of an attempt whose job doesn't stop, and writes its ending; its thread is lost. */
    private void leaveAlone(Attempt attempt, AttemptRunner runner, LeadPlace place) {
        String id = attempt.task().id();
        WorkerRuntime.LOG.warn("The job of task {} was told to stop and does not; its thread is left alone", id);
        worker.stubborn().begin();
        if (place != null) {
            place.free();
        }
        pool.execute(() -> {
            try {
                runner.stopped(attempt.stopReason());
            } finally {
                waiting.remove(id);
                leading.remove(id, attempt);
                drain();
            }
        });
    }

    /** Has a task that was put back begun again when its pause is over. */
    private void takeUpWhenDue(TaskRecord task) {
        if (task.state() == TaskState.QUEUED) {
            long pause = Math.max(0, task.notBeforeMillis - clock.millis());
            timer.schedule(() -> enqueue(List.of(task), false), pause, TimeUnit.MILLISECONDS);
        }
    }

    /** Stops attempts that were cancelled, or that another worker has taken over. */
    private void watch() {
        small.beginLate();
        UUID node = worker.ignite().cluster().localNode().id();
        for (Map.Entry<String, Attempt> entry : leading.entrySet()) {
            try {
                TaskRecord now = store.get(entry.getKey());
                Attempt attempt = entry.getValue();
                if (attempt.stoppedForNanos() > Stubborn.PATIENCE_NANOS) {
                    attempt.leaveAlone();
                    continue;
                }
                if (now != null && !TaskTransitions.owns(now, attempt.task().attempt(), node)) {
                    attempt.stop(AttemptRunner.FENCED);
                } else if (now != null && now.cancelRequested()) {
                    attempt.stop(AttemptRunner.CANCELLED);
                }
            } catch (RuntimeException e) {
                // Asked again in a moment.
            }
        }
    }

    private void tick() {
        try {
            Ignite ignite = worker.ignite();
            if (!ignite.cluster().state().active() || ignite.cache(Caches.TASKS) == null) {
                return;
            }
            Set<Integer> mine = new HashSet<>();
            for (int partition : ignite.affinity(Caches.TASKS)
                    .primaryPartitions(ignite.cluster().localNode())) {
                mine.add(partition);
            }
            long now = clock.millis();
            boolean full = scanSoon || now - lastFullScanMillis > fullScanPauseMillis;
            if (full) {
                lastFullScanMillis = now;
                scanSoon = false;
            }
            Set<Integer> before = scanned;
            for (int partition : mine) {
                if (full || !before.contains(partition)) {
                    adopt(TaskScan.unfinished(ignite, partition));
                }
            }
            scanned = mine;
            if (full) {
                fullScanPauseMillis = Math.max(FULL_SCAN_MILLIS, SCAN_SHARE * (clock.millis() - now));
            }
            drain();
        } catch (RuntimeException e) {
            scanSoon = true;
            WorkerRuntime.LOG.debug("Tasks could not be looked for now", e);
        }
    }

    private void adopt(List<TaskRecord> unfinished) {
        List<TaskRecord> queued = new ArrayList<>();
        for (TaskRecord task : unfinished) {
            if (task.state() == TaskState.QUEUED) {
                if (task.notBeforeMillis <= clock.millis()) {
                    queued.add(task);
                } else {
                    takeUpWhenDue(task);
                }
            } else if (nobodyLeads(task) && waiting.add(task.id())) {
                UUID before = task.ownerNode();
                pool.execute(() -> lead(task.id(), before, null));
            }
        }
        enqueue(queued, false);
    }

    /** Its owner is gone, or is this very worker, whose attempt ended without being able to record that. */
    private boolean nobodyLeads(TaskRecord running) {
        UUID self = worker.ignite().cluster().localNode().id();
        return self.equals(running.ownerNode())
                ? !leading.containsKey(running.id())
                : worker.ignite().cluster().node(running.ownerNode()) == null;
    }

    /** Progress of a task that is led here, or null. */
    TaskProgress progress(String taskId) {
        Attempt attempt = leading.get(taskId);
        return attempt == null ? null : attempt.snapshot();
    }

    /** Whether more than one task is led here. */
    boolean leadsSeveral() {
        return leading.size() > 1;
    }

    /** How much work this worker has. */
    Map<String, Long> figures() {
        Map<String, Long> figures = new HashMap<>();
        figures.put("queued", (long) small.size() + large.size());
        figures.put("leading", (long) leading.size());
        figures.put("completed", completed.get() + small.completed());
        figures.put("stubborn", (long) worker.stubborn().count());
        return figures;
    }
}
