package org.virtugrid.control.vm.libvirt;

import java.util.Optional;
import org.libvirt.DomainInfo.DomainState;
import org.virtugrid.control.vm.VmProbe;
import org.virtugrid.control.vm.VmProbe.Life;
import org.virtugrid.control.vm.local.ProcessTable;

/**
 * What a host showed of a guest at one look, and what follows from it. Immutable.
 *
 * @param state as libvirt says; null when it says that there is no such domain
 * @param cpuNanos processor time that the guest has used
 * @param process QEMU's row in this machine's process table, where it runs on this machine
 * @param lastEvent what libvirt told of it last, or null
 */
record Sighting(
        DomainState state, long cpuNanos, long memoryBytes, Optional<ProcessTable.Entry> process, String lastEvent) {
    private static final long NANOS_PER_TICK = 1_000_000_000L / ProcessTable.TICKS_PER_SECOND;

    /** The probe of a guest that was seen so. */
    VmProbe probe(LibvirtVm vm, String host, boolean hardware) {
        if (state == null) {
            return ended(vm, "libvirt on " + host + " knows no such domain");
        }
        return switch (state) {
            case VIR_DOMAIN_SHUTOFF, VIR_DOMAIN_CRASHED ->
                ended(vm, "libvirt on " + host + " says " + word() + (lastEvent == null ? "" : ", " + lastEvent));
            case VIR_DOMAIN_NOSTATE ->
                new VmProbe(Life.UNKNOWN, vm.life(), null, null, 0, null, "libvirt on " + host + " can't tell");
            default -> alive(vm, host, hardware);
        };
    }

    /** Whether the guest was there with all it takes from the host. */
    boolean active() {
        return switch (state) {
            case VIR_DOMAIN_SHUTOFF, VIR_DOMAIN_CRASHED, VIR_DOMAIN_NOSTATE -> false;
            default -> true;
        };
    }

    private static VmProbe ended(LibvirtVm vm, String detail) {
        return vm.started()
                ? new VmProbe(Life.DIED, vm.life(), null, null, 0, null, detail)
                : new VmProbe(Life.OFF, null, null, null, 0, null, detail);
    }

    private VmProbe alive(LibvirtVm vm, String host, boolean hardware) {
        // A guest whose processors don't run can no more commit anything than a process that is stopped
        boolean paused = state == DomainState.VIR_DOMAIN_PAUSED;
        boolean noDisk = paused && lastEvent != null && lastEvent.endsWith("ioerror");
        String detail = "libvirt on " + host + " says " + word()
                + (noDisk ? ", as its disk there cannot be written to: is it full?" : "")
                + process.map(entry -> ", QEMU process " + entry.pid() + " is there, state " + entry.state())
                        .orElse("")
                + (hardware ? "" : ", emulated")
                + (vm.resumed() ? ", resumed from memory" : "");
        return new VmProbe(
                Life.RUNNING,
                vm.life(),
                process.map(ProcessTable.Entry::pid).orElse(null),
                paused ? "T" : process.map(ProcessTable.Entry::state).orElse(null),
                process.map(ProcessTable.Entry::cpuTicks).orElse(cpuNanos / NANOS_PER_TICK),
                null,
                detail);
    }

    private String word() {
        return switch (state) {
            case VIR_DOMAIN_RUNNING, VIR_DOMAIN_BLOCKED -> "running";
            case VIR_DOMAIN_PAUSED -> "paused";
            case VIR_DOMAIN_SHUTDOWN -> "shutting down";
            case VIR_DOMAIN_SHUTOFF -> "shut off";
            case VIR_DOMAIN_CRASHED -> "crashed";
            default -> state.name();
        };
    }
}
