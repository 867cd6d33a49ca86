package org.virtugrid.grid.compute;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.virtugrid.jobs.api.InvalidJobException;

/** A unit of work on this worker, from when it is taken until its task is over. Safe for use by several threads. */
final class Unit {
    private final UnitKey key;
    private final int[] parts;
    private final AtomicLong done = new AtomicLong();
    private volatile long total = 1;
    private volatile long cancelledAtNanos;
    private volatile boolean cancelled;
    private volatile UnitStatus ended;
    private volatile long askedAtNanos = System.nanoTime();

    Unit(UnitKey key, int[] parts) {
        this.key = key;
        this.parts = parts.clone();
    }

    UnitKey key() {
        return key;
    }

    int[] parts() {
        return parts.clone();
    }

    /** How much there is to do, in whatever measure {@link #advance} counts. */
    void total(long amount) {
        total = Math.max(1, amount);
    }

    void advance(long amount) {
        done.addAndGet(amount);
    }

    boolean cancelled() {
        return cancelled;
    }

    void cancel() {
        if (!cancelled) {
            cancelledAtNanos = System.nanoTime();
        }
        cancelled = true;
    }

    /** Nanoseconds since it was told to stop; 0 when it was not. */
    long cancelledForNanos() {
        return cancelled ? System.nanoTime() - cancelledAtNanos : 0;
    }

    void execute(WorkerRuntime worker, UnitWork work) {
        UnitStatus outcome;
        try {
            if (cancelled) {
                throw new PartMovedException("cancelled before it began");
            }
            outcome = UnitStatus.succeeded(work.run(worker, this));
        } catch (InvalidJobException e) {
            outcome = UnitStatus.invalid(e.getMessage());
        } catch (PartMovedException e) {
            outcome = UnitStatus.moved(e.getMessage());
        } catch (OutOfMemoryError e) {
            String message = "memory: the work does not fit into the heap of worker " + worker.vmId()
                    + "; use workers with more memory";
            // Beside less other work it may
            outcome = worker.units().severalRun() ? UnitStatus.failed(message) : UnitStatus.invalid(message);
        } catch (Exception | Error e) {
            // A user's job may throw anything; whoever waits for the unit must hear of it
            WorkerRuntime.LOG.warn("Unit {} failed", key, e);
            outcome = UnitStatus.failed(e.toString());
        }
        ended = cancelled ? UnitStatus.moved("cancelled") : outcome;
    }

    /** How it is now. */
    UnitStatus status() {
        askedAtNanos = System.nanoTime();
        UnitStatus end = ended;
        return end != null ? end : UnitStatus.running(Math.min(1.0, done.get() / (double) total));
    }

    boolean ended() {
        return ended != null;
    }

    /** Nanoseconds since somebody asked for it. */
    long silentNanos() {
        return System.nanoTime() - askedAtNanos;
    }

    @Override
    public String toString() {
        return key + Arrays.toString(parts);
    }
}
