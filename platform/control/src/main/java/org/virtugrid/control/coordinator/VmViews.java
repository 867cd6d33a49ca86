package org.virtugrid.control.coordinator;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.virtugrid.api.HostView;
import org.virtugrid.api.VmState;
import org.virtugrid.api.VmView;
import org.virtugrid.control.coordinator.Decision.VmStatus;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.VmHost;
import org.virtugrid.control.vm.VmProbe;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmUse;
import org.virtugrid.grid.compute.VmWork;

/** Puts together what users see of a VM. */
final class VmViews {
    private static final long MIN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final VmDriver driver;
    private final Grid grid;
    private final String host;
    private final Supplier<Map<String, VmWork>> workByVm;
    private final Map<String, Traffic> traffic = new ConcurrentHashMap<>();

    private record Traffic(String nodeId, long nanos, long bytes, Double perSecond) {}

    VmViews(VmDriver driver, Grid grid, String host, Supplier<Map<String, VmWork>> workByVm) {
        this.driver = driver;
        this.grid = grid;
        this.host = host;
        this.workByVm = workByVm;
    }

    VmView view(VmRecord vm, VmStatus status) {
        VmProbe probe = driver.probe(vm.id());
        VmState state = status == null ? VmState.DEFINED : status.state();
        boolean runs = probe.life() == VmProbe.Life.RUNNING;
        VmUse use = driver.use(vm.id());
        VmWork work = workByVm.get().getOrDefault(vm.id(), VmWork.NONE);
        String nodeId = runs && status != null ? status.nodeId() : null;
        return new VmView(
                vm.id(),
                vm.name(),
                state,
                driver.name(),
                vm.host() == null ? host : vm.host(),
                runs ? probe.pid() : null,
                vm.spec().cpus(),
                vm.spec().memoryBytes(),
                vm.spec().diskBytes(),
                vm.address(),
                nodeId,
                use.uptimeSeconds(),
                use.cpuShare(),
                use.memoryBytes(),
                use.diskBytes(),
                network(vm.id(), use, nodeId),
                work.completed(),
                health(state, work),
                vm.spec().labels(),
                vm.spec().gpu(),
                driver.hardware(vm.id()).map(VmViews::acceleration).orElse(null));
    }

    private static String acceleration(boolean hardware) {
        return hardware ? "kvm" : "emulated";
    }

    List<HostView> hosts() {
        List<VmHost> hosts = driver.hosts();
        if (hosts.isEmpty()) {
            return List.of(new HostView(
                    host,
                    null,
                    "ANSWERS",
                    driver.name(),
                    "process",
                    driver.list().size(),
                    null,
                    false,
                    null));
        }
        return hosts.stream()
                .map(one -> new HostView(
                        one.name(),
                        one.uri(),
                        one.failure() == null ? "ANSWERS" : "UNREACHABLE",
                        driver.name(),
                        one.hardware() == null ? "unknown" : acceleration(one.hardware()),
                        one.vms(),
                        one.failure(),
                        one.maintained(),
                        one.isolation()))
                .toList();
    }

    /** Of a VM without a network card of its own, or whose card was not measured twice yet: what its node counts. */
    private Double network(String id, VmUse use, String nodeId) {
        if (use.networkBytesPerSecond() != null) {
            return use.networkBytesPerSecond();
        }
        return nodeId == null ? null : bytesPerSecond(id, nodeId);
    }

    private Double bytesPerSecond(String vmId, String nodeId) {
        long now = System.nanoTime();
        return traffic.compute(vmId, (id, last) -> {
                    if (last == null || !last.nodeId().equals(nodeId)) {
                        return new Traffic(nodeId, now, grid.trafficBytes(nodeId), 0.0);
                    }
                    if (now - last.nanos() < MIN_NANOS) {
                        return last;
                    }
                    long bytes = grid.trafficBytes(nodeId);
                    double perSecond = Math.max(0, bytes - last.bytes()) * 1e9 / (now - last.nanos());
                    return new Traffic(nodeId, now, bytes, perSecond);
                })
                .perSecond();
    }

    /** A VM with work that doesn't stop serves, but with less than it has. */
    private static String health(VmState state, VmWork work) {
        return switch (state) {
            case READY -> work.stubborn() > 0 ? "WARNING" : "OK";
            case STOPPED -> "OK";
            case DEFINED, STARTING, JOINING, DRAINING -> "WARNING";
            case FAILED -> "CRITICAL";
            case UNKNOWN -> "UNKNOWN";
        };
    }
}
