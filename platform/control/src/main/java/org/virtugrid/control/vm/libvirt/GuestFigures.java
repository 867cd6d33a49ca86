package org.virtugrid.control.vm.libvirt;

import java.util.Map;

/**
 * What was measured of one guest. Immutable; null where it is not known.
 *
 * @param life which life of the guest this is of
 * @param nanos when, as {@link System#nanoTime} tells it
 * @param memoryBytes what the guest itself says that it uses
 * @param networkBytes all that went through its network cards
 * @param networkPerSecond the same for a second, since the measure before
 * @param hardware whether the host's processor runs it; else QEMU emulates one
 */
record GuestFigures(
        String life,
        long nanos,
        Long memoryBytes,
        Long networkBytes,
        Double networkPerSecond,
        Disk disk,
        Boolean hardware) {
    private static final String NETWORK = "net\\.\\d+\\.[rt]x\\.bytes";

    /** What its data disk takes on the host, and when that was looked up; bytes are null when there is no disk. */
    record Disk(Long bytes, long nanos) {}

    /** Figures of a guest that does not run: its disk alone. */
    static GuestFigures resting(LibvirtVm vm, long nanos, Disk disk) {
        return new GuestFigures(vm.life(), nanos, null, null, null, disk, null);
    }

    /**
     * Figures of a guest that runs.
     *
     * @param last the measure before, or null
     * @param stats as {@link DomainStats} has them
     */
    static GuestFigures running(
            LibvirtVm vm, long nanos, GuestFigures last, Map<String, Long> stats, Disk disk, Boolean hardware) {
        Long network = network(stats);
        boolean goesOn = last != null
                && last.life().equals(vm.life())
                && last.networkBytes() != null
                && network != null
                && nanos > last.nanos();
        Double perSecond =
                goesOn ? Math.max(0, network - last.networkBytes()) * 1e9 / (double) (nanos - last.nanos()) : null;
        return new GuestFigures(vm.life(), nanos, memory(stats), network, perSecond, disk, hardware);
    }

    /** As {@code free} in the guest has it: what is not available for more programs. */
    private static Long memory(Map<String, Long> stats) {
        Long all = stats.get("balloon.available");
        Long free = stats.getOrDefault("balloon.usable", stats.get("balloon.unused"));
        return all == null || free == null ? null : Math.max(0, all - free) << 10;
    }

    private static Long network(Map<String, Long> stats) {
        boolean any = false;
        long bytes = 0;
        for (Map.Entry<String, Long> figure : stats.entrySet()) {
            if (figure.getKey().matches(NETWORK)) {
                any = true;
                bytes += figure.getValue();
            }
        }
        return any ? bytes : null;
    }
}
