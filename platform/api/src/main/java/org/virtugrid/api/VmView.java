package org.virtugrid.api;

import java.util.Map;

/**
 * A virtual machine and its live use.
 *
 * @param pid process id of the JVM or of QEMU, null when it does not run
 * @param nodeId id of its node in the grid, null while it is not in the grid
 * @param cpuUsage share of its own cpus in use, 0 to 1
 * @param health one of OK, WARNING, CRITICAL, UNKNOWN
 * @param memoryUsedBytes what the guest itself uses, or the process
 * @param diskUsedBytes what its disk takes on the host
 * @param networkBytesPerSecond received and sent
 * @param gpu PCI address of the GPU that it has to itself, null for none
 * @param acceleration kvm, where the host's processor runs it, or emulated; null while that is not known and with VMs that
 *     are processes
 */
public record VmView(
        String id,
        String name,
        VmState state,
        String driver,
        String host,
        Long pid,
        int cpus,
        long memoryBytes,
        long diskBytes,
        String address,
        String nodeId,
        Long uptimeSeconds,
        Double cpuUsage,
        Long memoryUsedBytes,
        Long diskUsedBytes,
        Double networkBytesPerSecond,
        long tasksCompleted,
        String health,
        Map<String, String> labels,
        String gpu,
        String acceleration) {}
