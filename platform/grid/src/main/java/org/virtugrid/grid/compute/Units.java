package org.virtugrid.grid.compute;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The units on this worker. They run on threads of their own, never on Ignite's, and outlive the leader that asked for
 * them: its successor finds them by task and takes their results. Nobody asking for a while ends a unit.
 */
final class Units {
    private static final long ABANDON_NANOS = TimeUnit.SECONDS.toNanos(60);
    /** Far longer than a phase without units on this worker lasts: a task's end drops what it left, this is the net. */
    private static final long FORGET_NANOS = TimeUnit.HOURS.toNanos(2);

    private final WorkerRuntime worker;
    private final ExecutorService threads;
    private final Map<UnitKey, Unit> units = new ConcurrentHashMap<>();
    private final AtomicInteger busy = new AtomicInteger();

    Units(WorkerRuntime worker, ExecutorService threads) {
        this.worker = worker;
        this.threads = threads;
    }

    /** How the unit is; begins it when it is not here and {@code work} is given. */
    UnitStatus ask(UnitKey key, int[] parts, UnitWork work) {
        Unit unit = units.get(key);
        if (unit == null && work != null) {
            Unit fresh = new Unit(key, parts);
            unit = units.putIfAbsent(key, fresh);
            if (unit == null) {
                unit = fresh;
                threads.execute(() -> run(fresh, work));
            }
        }
        return unit == null
                ? UnitStatus.moved("worker " + worker.vmId() + " does not have unit " + key)
                : unit.status();
    }

    private void run(Unit unit, UnitWork work) {
        busy.incrementAndGet();
        try {
            unit.execute(worker, work);
        } finally {
            busy.decrementAndGet();
        }
    }

    /** Whether more than one unit runs here now. */
    boolean severalRun() {
        return busy.get() > 1;
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
