package org.virtugrid.grid.compute;

import java.io.Serializable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The units on this worker. They run on threads of their own, never on Ignite's, and outlive the leader that asked for
 * them: its successor finds them by task and takes their results. Nobody asking for a while ends a unit.
 */
final class Units {
    private static final long ABANDON_NANOS = TimeUnit.SECONDS.toNanos(60);
    /** Far longer than a phase without units on this worker lasts: a task's end drops what it left, this is the net. */
    private static final long FORGET_NANOS = TimeUnit.HOURS.toNanos(2);

    private final WorkerRuntime worker;
    private final ThreadPoolExecutor threads;
    private final Set<Unit> running = ConcurrentHashMap.newKeySet();
    /** Those of the running ones that were told to stop and don't; others have their places. */
    private final Set<Unit> leftAlone = new HashSet<>();

    private final Map<UnitKey, Unit> units = new ConcurrentHashMap<>();

    /** Units on this worker, at most so many at the same time. */
    Units(WorkerRuntime worker, int places, ThreadFactory factory) {
        this.worker = worker;
        this.threads =
                new ThreadPoolExecutor(places, places, 0, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), factory);
    }

    /** How the unit is, with its result in bytes; begins it when it is not here and {@code work} is given. */
    UnitStatus ask(UnitKey key, int[] parts, UnitWork work) {
        Unit unit = begun(key, parts, work, false);
        return unit == null ? unknown(key) : unit.statusForAnother();
    }

    /** The same for a leader in this process, which then takes the result. */
    UnitStatus askHere(UnitKey key, int[] parts, UnitWork work) {
        Unit unit = begun(key, parts, work, true);
        return unit == null ? unknown(key) : unit.status();
    }

    /** The result of a unit that has succeeded, once, for a leader in this process; null when it is not here any more. */
    Serializable take(UnitKey key) throws Exception {
        Unit unit = units.get(key);
        return unit == null ? null : unit.take(worker.jobLoader());
    }

    private Unit begun(UnitKey key, int[] parts, UnitWork work, boolean leaderHere) {
        Unit unit = units.get(key);
        if (unit == null && work != null) {
            Unit fresh = new Unit(key, parts, leaderHere);
            unit = units.putIfAbsent(key, fresh);
            if (unit == null) {
                unit = fresh;
                threads.execute(() -> run(fresh, work));
            }
        }
        return unit;
    }

    private UnitStatus unknown(UnitKey key) {
        return UnitStatus.moved("worker " + worker.vmId() + " does not have unit " + key);
    }

    /** Takes no unit any more and tells those that run to stop. */
    void close() {
        units.values().forEach(Unit::cancel);
        threads.shutdown();
    }

    private void run(Unit unit, UnitWork work) {
        running.add(unit);
        try {
            unit.execute(worker, work);
        } finally {
            running.remove(unit);
            comeBack(unit);
        }
    }

    /** Gives the places of units to others that were told to stop and don't. */
    synchronized void leaveStubbornAlone() {
        for (Unit unit : running) {
            if (unit.cancelledForNanos() > Stubborn.PATIENCE_NANOS && leftAlone.add(unit)) {
                WorkerRuntime.LOG.warn("Unit {} was told to stop and does not; its thread is left alone", unit);
                worker.stubborn().begin();
                threads.setMaximumPoolSize(threads.getMaximumPoolSize() + 1);
                threads.setCorePoolSize(threads.getMaximumPoolSize());
            }
        }
    }

    private synchronized void comeBack(Unit unit) {
        if (leftAlone.remove(unit)) {
            worker.stubborn().end();
            threads.setCorePoolSize(threads.getCorePoolSize() - 1);
            threads.setMaximumPoolSize(threads.getCorePoolSize());
        }
    }

    /** Whether more than one unit runs here now. */
    boolean severalRun() {
        return running.size() > 1;
    }

    /** The units of a task's phase that are here. */
    List<Unit> of(String taskId, String phase) {
        return units.values().stream()
                .filter(unit ->
                        unit.key().taskId().equals(taskId) && unit.key().phase().equals(phase))
                .filter(unit -> !unit.cancelled())
                .toList();
    }

    /** Cancels what runs for a task and drops its results. */
    void release(String taskId) {
        units.values().removeIf(unit -> {
            if (!unit.key().taskId().equals(taskId)) {
                return false;
            }
            unit.cancel();
            return true;
        });
        worker.spills().release(taskId);
    }

    /** Ends work that nobody waits for any more, and drops what a task that has been silent for long has left. */
    void forgetSilent() {
        Map<String, Long> silentByTask = new HashMap<>();
        for (Unit unit : units.values()) {
            silentByTask.merge(unit.key().taskId(), unit.silentNanos(), Math::min);
            if (!unit.ended() && unit.silentNanos() > ABANDON_NANOS) {
                unit.cancel();
            }
        }
        silentByTask.forEach((taskId, silent) -> {
            if (silent > FORGET_NANOS) {
                release(taskId);
            }
        });
    }
}
