package org.virtugrid.grid.node;

import org.apache.ignite.Ignite;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.events.DiscoveryEvent;
import org.apache.ignite.events.Event;
import org.apache.ignite.internal.IgniteEx;
import org.apache.ignite.lang.IgnitePredicate;
import org.apache.ignite.resources.IgniteInstanceResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.grid.topology.NodeAttributes;

/**
 * Halts a worker's process when another worker leaves before this one has finished joining an active grid.
 *
 * <p>While a worker joins, its copies are compared with the others'. Ignite compares with those who are left: when the
 * holders of newer copies die in that moment, the joining worker's old ones pass for the newest, are served, and stay
 * different when the holders are back. Once its process has ended, those partitions count as lost; it is started again, and
 * waits for the holders like everybody.
 *
 * <p>Called by Ignite's discovery thread, before the exchange that the leaving begins can be over.
 */
final class JoinGuard implements IgnitePredicate<Event> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(JoinGuard.class);

    /** Exit code of a node whose joining was overtaken. */
    static final int EXIT_CODE = 87;

    @IgniteInstanceResource
    private transient Ignite ignite;

    private transient volatile boolean joined;

    /** This worker has joined: from now on Ignite itself knows which of its copies are old. */
    void joined() {
        joined = true;
    }

    @Override
    public boolean apply(Event event) {
        if (joined) {
            return false;
        }
        ClusterNode left = ((DiscoveryEvent) event).eventNode();
        if (NodeAttributes.isWorker(left) && isMemberOfActiveGrid()) {
            LOG.warn(
                    "Worker {} left before this one had joined, so nothing tells which copies are the newest. Ending; the"
                            + " next start joins anew.",
                    NodeAttributes.vmId(left));
            Runtime.getRuntime().halt(EXIT_CODE);
        }
        return true;
    }

    private boolean isMemberOfActiveGrid() {
        var context = ((IgniteEx) ignite).context();
        var state = context.state().clusterState();
        return state.state().active()
                && state.baselineTopology() != null
                && state.baselineTopology()
                        .consistentIds()
                        .contains(context.discovery().localNode().consistentId());
    }
}
