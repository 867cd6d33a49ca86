package org.virtugrid.control.node;

import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.ignite.Ignite;

/** Takes a node out of the topology whose process is certainly gone; discovery itself notices it with its next message. */
final class Expulsion {
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private Expulsion() {}

    /** Blocks until the node is out, or the thread is interrupted. */
    static void expel(Ignite ignite, UUID node, String why) {
        ignite.configuration().getDiscoverySpi().failNode(node, why);
        long end = System.nanoTime() + LONGEST_NANOS;
        while (ignite.cluster().node(node) != null && !Thread.currentThread().isInterrupted()) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("node " + node + " is still in the topology; it is told again");
            }
            LockSupport.parkNanos(node, POLL_NANOS);
        }
    }
}
