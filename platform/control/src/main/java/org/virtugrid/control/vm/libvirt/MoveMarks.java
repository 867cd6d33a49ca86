package org.virtugrid.control.vm.libvirt;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Marks a guest as moving on both hosts, so that nothing is concluded from its absence on one of them: as long as somebody takes
 * part in the move. libvirt may still be at it when whoever asked for it has given up. Safe for use by several threads.
 */
final class MoveMarks implements AutoCloseable {
    private final HostVms source;
    private final HostVms target;
    private final String id;
    private final AtomicInteger parts = new AtomicInteger(1);

    MoveMarks(HostVms source, HostVms target, String id) {
        this.source = source;
        this.target = target;
        this.id = id;
        source.moving(id, true);
        target.moving(id, true);
    }

    /** One more takes part, until it closes the marks, too. */
    void join() {
        parts.incrementAndGet();
    }

    /** Whether others than the caller still take part. */
    boolean othersGoOn() {
        return parts.get() > 1;
    }

    @Override
    public void close() {
        if (parts.decrementAndGet() == 0) {
            source.moving(id, false);
            target.moving(id, false);
        }
    }
}
