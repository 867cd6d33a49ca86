package org.virtugrid.control.rest;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.ignite.Ignite;
import org.apache.ignite.cluster.ClusterNode;
import org.virtugrid.api.NodeView;
import org.virtugrid.api.VmView;
import org.virtugrid.control.coordinator.Platform;
import org.virtugrid.control.coordinator.VmService;
import org.virtugrid.grid.compute.Tasks;
import org.virtugrid.grid.compute.VmWork;
import org.virtugrid.grid.topology.NodeAttributes;

/** The members of the grid, from its topology; their use, from their VMs; their queues, from the tasks. */
final class NodeDirectory {
    private final Supplier<Ignite> ignite;
    private final VmService vms;
    private final Tasks tasks;
    private final Platform platform;

    NodeDirectory(Supplier<Ignite> ignite, VmService vms, Tasks tasks, Platform platform) {
        this.ignite = ignite;
        this.vms = vms;
        this.tasks = tasks;
        this.platform = platform;
    }

    /** All nodes by VM id; empty while there is no grid. */
    List<NodeView> list() {
        if (!platform.gridReady()) {
            return List.of();
        }
        Map<String, VmView> byNode = vms.list().stream()
                .filter(vm -> vm.nodeId() != null)
                .collect(Collectors.toMap(VmView::nodeId, Function.identity(), (first, second) -> first));
        Map<String, VmWork> work = tasks.workByVm();
        return ignite.get().cluster().nodes().stream()
                .filter(node -> !node.isClient())
                .map(node -> view(node, byNode.get(node.id().toString()), work))
                .sorted(Comparator.comparing(NodeView::vmId, Comparator.nullsLast(Comparator.naturalOrder())))
                .toList();
    }

    private static NodeView view(ClusterNode node, VmView vm, Map<String, VmWork> work) {
        String vmId = vm == null ? node.attribute(NodeAttributes.VM) : vm.id();
        double metered = node.metrics().getCurrentCpuLoad();
        Double cpu = vm != null ? vm.cpuUsage() : metered < 0 ? null : (Double) metered;
        Long memory = vm != null ? vm.memoryUsedBytes() : (Long) node.metrics().getHeapMemoryUsed();
        return new NodeView(
                node.id().toString(),
                vmId,
                node.attribute(NodeAttributes.ROLE),
                node.attribute(NodeAttributes.HOST),
                cpu,
                memory,
                cpu,
                vmId == null ? null : (int) work.getOrDefault(vmId, VmWork.NONE).queued());
    }
}
