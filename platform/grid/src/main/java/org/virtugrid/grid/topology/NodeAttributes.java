package org.virtugrid.grid.topology;

import java.util.Map;
import org.apache.ignite.cluster.BaselineNode;
import org.apache.ignite.cluster.ClusterNode;

/** What every node tells the others about itself. */
public final class NodeAttributes {
    /** {@link NodeRole#label}. */
    public static final String ROLE = "virtugrid.role";
    /** Id of the VM the node lives in. */
    public static final String VM = "virtugrid.vm";
    /** Which life of its VM the node lives in, where its process id doesn't tell; empty where it does. */
    public static final String LIFE = "virtugrid.life";
    /** Name of the physical host. */
    public static final String HOST = "virtugrid.host";
    /** The last live topology the node saw before it started, see {@code LastTopology}. */
    public static final String LAST_TOPOLOGY = "virtugrid.lastTopology";
    /** The attribute by which Ignite tells neighbours on one machine. */
    static final String MACS = "override.org.apache.ignite.macs";

    private NodeAttributes() {}

    /** The attributes of a node. */
    public static Map<String, Object> of(NodeRole role, String vmId, String life, String host, String lastTopology) {
        return Map.of(
                ROLE, role.label(),
                VM, vmId,
                LIFE, life,
                HOST, host,
                MACS, host,
                LAST_TOPOLOGY, lastTopology);
    }

    /** Whether the node is a worker. */
    public static boolean isWorker(BaselineNode node) {
        return NodeRole.WORKER.label().equals(node.attributes().get(ROLE));
    }

    /** Id of the VM the node lives in; its node id where it is not one of ours. */
    public static String vmId(ClusterNode node) {
        String vm = node.attribute(VM);
        return vm == null ? node.id().toString() : vm;
    }
}
