package org.virtugrid.control.coordinator;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs work in lanes: one piece at a time in each, lanes beside one another. Work that exceeds its deadline is interrupted
 * and stays in its lane until it has truly ended, so nothing ever overtakes it.
 */
final class Lanes implements AutoCloseable {
    private final Map<String, Running> running = new ConcurrentHashMap<>();
    private final Runnable whenIdle;
    private final ExecutorService threads;

    private static final class Running {
        private final long deadlineNanos;
        private Future<?> future;

        Running(long deadlineNanos) {
            this.deadlineNanos = deadlineNanos;
        }
    }

    /** Calls {@code whenIdle} after each piece of work. */
    Lanes(Runnable whenIdle) {
        this.whenIdle = whenIdle;
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "coordinator-action");
            thread.setDaemon(true);
            return thread;
        });
    }

    boolean busy(String lane) {
        return running.containsKey(lane);
    }

    boolean anyBusy() {
        return !running.isEmpty();
    }

    /** Runs the work unless the lane is busy; tells whether it does. */
    boolean run(String lane, Duration deadline, Runnable work) {
        Running entry = new Running(System.nanoTime() + deadline.toNanos());
        if (running.putIfAbsent(lane, entry) != null) {
            return false;
        }
        synchronized (entry) {
            entry.future = threads.submit(() -> {
                try {
                    work.run();
                } finally {
                    running.remove(lane);
                    whenIdle.run();
                }
            });
        }
        return true;
    }

    /** Interrupts what has exceeded its deadline. */
    void interruptLate() {
        long now = System.nanoTime();
        running.values().forEach(entry -> {
            synchronized (entry) {
                if (now - entry.deadlineNanos > 0 && entry.future != null) {
                    entry.future.cancel(true);
                }
            }
        });
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
