package org.virtugrid.grid.topology;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.ignite.Ignite;
import org.apache.ignite.cluster.BaselineNode;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.configuration.TopologyValidator;
import org.apache.ignite.resources.IgniteInstanceResource;

/**
 * Lets a cache take writes only while more than half of the baseline's workers are alive, so that of two halves at most
 * one goes on. Ignite asks it at every change of topology; reads go on without it.
 */
public final class WorkerMajority implements TopologyValidator {
    private static final long serialVersionUID = 1L;

    @IgniteInstanceResource
    private transient Ignite ignite;

    @Override
    public boolean validate(Collection<ClusterNode> nodes) {
        Collection<BaselineNode> baseline =
                ignite == null ? null : ignite.cluster().currentBaselineTopology();
        if (baseline == null) {
            return true;
        }
        long members = baseline.stream().filter(NodeAttributes::isWorker).count();
        int alive = living(baseline, nodes);
        return alive * 2L > members;
    }

    /** How many workers of the baseline are among the nodes; one that is not in the baseline yet holds nothing and has no vote. */
    static int living(Collection<BaselineNode> baseline, Collection<ClusterNode> nodes) {
        Set<Object> members = baseline.stream().map(BaselineNode::consistentId).collect(Collectors.toSet());
        return (int) nodes.stream()
                .filter(node -> NodeAttributes.isWorker(node) && members.contains(node.consistentId()))
                .count();
    }
}
