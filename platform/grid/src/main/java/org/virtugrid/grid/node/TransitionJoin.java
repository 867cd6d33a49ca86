package org.virtugrid.grid.node;

import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCheckedException;
import org.apache.ignite.IgniteException;
import org.apache.ignite.internal.GridKernalContext;
import org.apache.ignite.internal.IgniteEx;
import org.apache.ignite.internal.IgniteInternalFuture;
import org.apache.ignite.internal.managers.discovery.DiscoveryLocalJoinData;

/**
 * Completes the start of a node that joined while the grid's state was changing: while it was activated, or while its
 * baseline was set.
 *
 * <p>Ignite 2.17 lets such a node wait for the end of the change and then starts it as a member of an inactive grid, whatever
 * the change led to ({@code GridClusterStateProcessor.onStateFinishMessage}). Nobody activates it later, as the grid is active
 * already: its compute calls and its atomics wait for ever, and its start does not wait for its first exchange of partition
 * maps.
 */
final class TransitionJoin {
    private TransitionJoin() {}

    /** Does what Ignite left out, if anything. Blocks until the node's first exchange is over. */
    static void complete(Ignite ignite) {
        GridKernalContext context = ((IgniteEx) ignite).context();
        DiscoveryLocalJoinData join = context.discovery().localJoin();
        if (join.transitionWaitFuture() == null
                || !context.state().clusterState().state().active()) {
            return;
        }
        try {
            IgniteInternalFuture<?> exchanged =
                    context.cache().context().exchange().affinityReadyFuture(join.joinTopologyVersion());
            if (exchanged != null) {
                exchanged.get();
            }
            context.dataStructures().onActivate(context);
            context.task().onActivate(context);
        } catch (IgniteCheckedException e) {
            throw new IgniteException(
                    "The node joined while the grid's state changed, and cannot complete its start", e);
        }
    }
}
