package org.virtugrid.grid.compute;

import java.io.IOException;
import java.io.Serializable;
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
    private final boolean leaderHere;
    private volatile UnitStatus ended;
    /** The result while it is kept as it is, for a leader in this process. */
    private Serializable value;

    private volatile long askedAtNanos = System.nanoTime();

    /**
     * A unit that has not begun.
     *
     * @param leaderHere whether its leader is in this process, so that its result needn't travel
     */
    Unit(UnitKey key, int[] parts, boolean leaderHere) {
        this.key = key;
        this.parts = parts.clone();
        this.leaderHere = leaderHere;
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
        Serializable kept = null;
        try {
            if (cancelled) {
                throw new PartMovedException("cancelled before it began");
            }
            Serializable result = work.run(worker, this);
            kept = leaderHere ? result : null;
            outcome = UnitStatus.succeeded(leaderHere ? null : Partials.write(result));
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
        end(kept, outcome);
    }

    private synchronized void end(Serializable kept, UnitStatus outcome) {
        value = cancelled ? null : kept;
        ended = cancelled ? UnitStatus.moved("cancelled") : outcome;
    }

    /** How it is now, without its result when that is kept as it is. */
    UnitStatus status() {
        askedAtNanos = System.nanoTime();
        UnitStatus end = ended;
        return end != null ? end : UnitStatus.running(Math.min(1.0, done.get() / (double) total));
    }

    /** How it is now, with its result in bytes. */
    synchronized UnitStatus statusForAnother() {
        if (value != null) {
            try {
                ended = UnitStatus.succeeded(Partials.write(value));
            } catch (InvalidJobException e) {
                ended = UnitStatus.invalid(e.getMessage());
            } catch (IOException e) {
                ended = UnitStatus.failed(e.toString());
            }
            value = null;
        }
        return status();
    }

    /** The result, once, for a leader in this process; null when it is not here (any more). */
    synchronized Serializable take(ClassLoader loader) throws IOException, ClassNotFoundException, InvalidJobException {
        Serializable result = value;
        UnitStatus end = ended;
        if (result != null) {
            value = null;
            ended = UnitStatus.moved("its result was taken");
        } else if (end != null && end.result() != null) {
            result = Partials.read(end.result(), loader);
        }
        return result;
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
