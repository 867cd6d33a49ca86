package org.virtugrid.control.coordinator;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Lanes with a thread for each piece of work. Safe for use by several threads. */
final class ThreadLanes implements Lanes {
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
    ThreadLanes(Runnable whenIdle) {
        this.whenIdle = whenIdle;
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "coordinator-action");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public boolean busy(String lane) {
        return running.containsKey(lane);
    }

    @Override
    public boolean anyBusy() {
        return !running.isEmpty();
    }

    @Override
    public boolean run(String lane, Duration deadline, Runnable work) {
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

    @Override
    public void interruptLate() {
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
