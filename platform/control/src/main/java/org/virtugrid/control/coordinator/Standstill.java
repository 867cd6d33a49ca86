package org.virtugrid.control.coordinator;

import org.virtugrid.control.vm.VmProbe;

/**
 * A process that was seen frozen, and whether it has stood still since: stopped again is not enough, as it may have run in
 * between. Immutable.
 *
 * @param lifeId the life of the VM, empty for none
 * @param cpuTicks processor time it had used then
 * @param sinceMillis when it was first seen so
 */
record Standstill(String lifeId, long cpuTicks, long sinceMillis) {
    static final Standstill NONE = new Standstill("", 0, 0);

    /** What is known once this was seen, too. */
    Standstill seen(VmProbe probe, long nowMillis) {
        if (!probe.frozen()) {
            return NONE;
        }
        return lasts(probe) ? this : new Standstill(probe.lifeId(), probe.cpuTicks(), nowMillis);
    }

    /** Whether the process has not run since. */
    boolean lasts(VmProbe probe) {
        return probe.frozen() && lifeId.equals(probe.lifeId()) && cpuTicks == probe.cpuTicks();
    }

    /** For how long it has stood still, as far as it was watched; 0 when it does not. */
    long millis(VmProbe probe, long nowMillis) {
        return lasts(probe) ? nowMillis - sinceMillis : 0;
    }
}
