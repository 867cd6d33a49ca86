package org.virtugrid.control.node;

import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.coordinator.GridSnapshot.Copies;
import org.virtugrid.grid.topology.CopyMap;

/**
 * Reads the map of copies on a thread of its own, because that may block while members change. An answer counts only as
 * long as the grid is as it was when the question was asked.
 */
final class CopiesWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CopiesWatch.class);
    private static final long PERIOD_NANOS = 1_000_000_000L;
    /** Each question costs all workers some work; what is whole stays so until members or caches change. */
    private static final long CALM_NANOS = 5_000_000_000L;

    private final Supplier<CopyMap> map;
    private final Supplier<Object> epoch;
    private final Runnable changed;
    private final Thread thread = new Thread(this::loop, "copies");
    private volatile Sample sample = new Sample(null, Copies.UNKNOWN);
    private volatile boolean closed;
    private long asked;

    private record Sample(Object epoch, Copies copies) {}

    /**
     * Watches.
     *
     * @param map the map, or null while there is none
     * @param epoch equal as long as members and baseline are the same
     * @param changed called when an answer differs from the one before
     */
    CopiesWatch(Supplier<CopyMap> map, Supplier<Object> epoch, Runnable changed) {
        this.map = map;
        this.epoch = epoch;
        this.changed = changed;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    Copies current(Object epochNow) {
        Sample now = sample;
        return epochNow.equals(now.epoch()) ? now.copies() : Copies.UNKNOWN;
    }

    void wake() {
        LockSupport.unpark(thread);
    }

    private void loop() {
        while (!closed) {
            try {
                look();
            } catch (RuntimeException e) {
                LOG.debug("The map of copies cannot be read now: {}", e.toString());
                sample = new Sample(null, Copies.UNKNOWN);
            }
            LockSupport.parkNanos(this, PERIOD_NANOS);
        }
    }

    private void look() {
        CopyMap copies = map.get();
        if (copies == null) {
            return;
        }
        Object before = epoch.get();
        Set<String> lossy = Set.copyOf(copies.lossyCaches());
        if (isCalm(before, lossy)) {
            return;
        }
        asked = System.nanoTime();
        int missing = copies.missingCopies();
        Sample next = new Sample(before, new Copies(true, missing == 0, missing, lossy));
        if (before.equals(epoch.get()) && !next.equals(sample)) {
            sample = next;
            changed.run();
        }
    }

    private boolean isCalm(Object epochNow, Set<String> lossy) {
        Sample last = sample;
        return epochNow.equals(last.epoch())
                && last.copies().complete()
                && lossy.equals(last.copies().lossyCaches())
                && System.nanoTime() - asked < CALM_NANOS;
    }

    @Override
    public void close() {
        closed = true;
        wake();
    }
}
