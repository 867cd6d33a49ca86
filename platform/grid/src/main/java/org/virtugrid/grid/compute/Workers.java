package org.virtugrid.grid.compute;

import java.util.Comparator;
import java.util.List;
import org.apache.ignite.Ignite;
import org.apache.ignite.cluster.ClusterGroup;
import org.apache.ignite.cluster.ClusterNode;
import org.virtugrid.grid.topology.NodeAttributes;
import org.virtugrid.grid.topology.NodeRole;

/** The workers that are in the grid now. */
final class Workers {
    private Workers() {}

    static ClusterGroup group(Ignite ignite) {
        return ignite.cluster().forServers().forAttribute(NodeAttributes.ROLE, NodeRole.WORKER.label());
    }

    /** In an order that is the same on every node. */
    static List<ClusterNode> of(Ignite ignite) {
        return group(ignite).nodes().stream()
                .sorted(Comparator.comparing(ClusterNode::order))
                .toList();
    }
}
