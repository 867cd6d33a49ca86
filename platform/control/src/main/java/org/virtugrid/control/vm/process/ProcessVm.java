package org.virtugrid.control.vm.process;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmSpec;

/**
 * The record of a process VM, as {@code vm.json} holds it.
 *
 * @param process the process it lives in or died in; null when it was never started or was stopped on purpose
 * @param limits folders of its control groups
 * @param limitsNote which limits the kernel enforces, in words
 */
record ProcessVm(
        String id,
        String name,
        int cpus,
        long memoryBytes,
        long diskBytes,
        Map<String, String> labels,
        Desired desired,
        Instant createdAt,
        String consistentId,
        int discoveryPort,
        int communicationPort,
        ProcessIdentity process,
        List<String> limits,
        String limitsNote) {

    static ProcessVm create(String id, VmSpec spec, Instant now, int discoveryPort, int communicationPort) {
        return new ProcessVm(
                id,
                spec.name(),
                spec.cpus(),
                spec.memoryBytes(),
                spec.diskBytes(),
                spec.labels(),
                Desired.RUNNING,
                now,
                id,
                discoveryPort,
                communicationPort,
                null,
                List.of(),
                "not started yet");
    }

    ProcessVm wanted(Desired next) {
        return new ProcessVm(
                id,
                name,
                cpus,
                memoryBytes,
                diskBytes,
                labels,
                next,
                createdAt,
                consistentId,
                discoveryPort,
                communicationPort,
                process,
                limits,
                limitsNote);
    }

    ProcessVm at(PortPool.Pair ports) {
        return new ProcessVm(
                id,
                name,
                cpus,
                memoryBytes,
                diskBytes,
                labels,
                desired,
                createdAt,
                consistentId,
                ports.discovery(),
                ports.communication(),
                process,
                limits,
                limitsNote);
    }

    ProcessVm livingIn(ProcessIdentity next, ControlGroups.Applied applied) {
        return new ProcessVm(
                id,
                name,
                cpus,
                memoryBytes,
                diskBytes,
                labels,
                desired,
                createdAt,
                consistentId,
                discoveryPort,
                communicationPort,
                next,
                applied.folders(),
                applied.note());
    }

    VmRecord toRecord(boolean suspect) {
        return new VmRecord(
                id,
                new VmSpec(name, cpus, memoryBytes, diskBytes, labels),
                desired,
                createdAt,
                consistentId,
                "127.0.0.1:" + discoveryPort,
                null,
                suspect);
    }

    PortPool.Pair ports() {
        return new PortPool.Pair(discoveryPort, communicationPort);
    }
}
