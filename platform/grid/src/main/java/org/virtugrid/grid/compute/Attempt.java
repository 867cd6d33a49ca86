package org.virtugrid.grid.compute;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.JobContext;
import org.virtugrid.jobs.api.JobParameters;

/** One attempt at a task, on the worker that leads it. Safe for use by several threads. */
final class Attempt implements JobContext {
    private final TaskRecord task;
    private final JobParameters parameters;
    private final long partialBytesLimit;
    private final Map<String, List<Integer>> running = new ConcurrentHashMap<>();
    private final AtomicInteger units = new AtomicInteger();
    private boolean concluded;
    private volatile double progress;
    private volatile String stopReason;
    private volatile long stoppedAtNanos;
    private volatile boolean leftAlone;
    private volatile Runnable onLeftAlone = () -> {};

    Attempt(TaskRecord task, long partialBytesLimit) {
        this.task = task;
        this.parameters = TaskParameters.ofJob(task.parameters());
        this.partialBytesLimit = partialBytesLimit;
    }

    TaskRecord task() {
        return task;
    }

    @Override
    public JobParameters parameters() {
        return parameters;
    }

    @Override
    public boolean inline() {
        return task.dataset() == null;
    }

    @Override
    public boolean cancelled() {
        return stopReason != null;
    }

    @Override
    public long partialBytesLimit() {
        return partialBytesLimit;
    }

    /** Asks the attempt to end soon without a result. */
    void stop(String reason) {
        if (stopReason == null) {
            stoppedAtNanos = System.nanoTime();
        }
        stopReason = reason;
    }

    /** Nanoseconds since it was asked to end; 0 when it was not. */
    long stoppedForNanos() {
        return stopReason == null ? 0 : System.nanoTime() - stoppedAtNanos;
    }

    /** What to do when the attempt was told to stop and doesn't; to be given before anybody can tell it. */
    void onLeftAlone(Runnable action) {
        onLeftAlone = action;
    }

    /** Gives the attempt up, unless it is just ending by itself. */
    synchronized void leaveAlone() {
        if (conclude()) {
            leftAlone = true;
            onLeftAlone.run();
        }
    }

    boolean wasLeftAlone() {
        return leftAlone;
    }

    /** Who gets true may write the attempt's ending; nobody else may then. */
    synchronized boolean conclude() {
        boolean first = !concluded;
        concluded = true;
        return first;
    }

    /** A number for a unit that no other unit of the task has, in whatever phase. */
    String nextUnit() {
        return task.attempt() + "." + units.incrementAndGet();
    }

    /** Why the attempt was asked to end, or null. */
    String stopReason() {
        return stopReason;
    }

    void checkStopped() throws StoppedException {
        if (stopReason != null) {
            throw new StoppedException(stopReason);
        }
    }

    void progress(double ratio) {
        progress = ratio;
    }

    void running(Map<String, List<Integer>> byVm) {
        running.clear();
        running.putAll(byVm);
    }

    TaskProgress snapshot() {
        return new TaskProgress(progress, new TreeMap<>(running));
    }

    /** The attempt was asked to end. */
    static final class StoppedException extends Exception {
        private static final long serialVersionUID = 1L;

        StoppedException(String message) {
            super(message);
        }
    }

    /** Makes a failed unit's message an exception again. */
    static InvalidJobException invalid(String message) {
        return new InvalidMessage(message);
    }

    /** A message that a worker has formatted already. */
    private static final class InvalidMessage extends InvalidJobException {
        private static final long serialVersionUID = 1L;

        private final String whole;

        InvalidMessage(String whole) {
            super("", "", "");
            this.whole = whole;
        }

        @Override
        public String getMessage() {
            return whole;
        }
    }
}
