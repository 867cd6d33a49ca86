package org.virtugrid.grid.topology;

import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.lang.IgnitePredicate;

/** Keeps a cache on workers. */
public final class WorkerFilter implements IgnitePredicate<ClusterNode> {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean apply(ClusterNode node) {
        return NodeRole.WORKER.label().equals(node.attribute(NodeAttributes.ROLE));
    }
}
