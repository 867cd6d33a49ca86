package org.virtugrid.control.coordinator;

import org.virtugrid.control.vm.VmProbe;

/**
 * What the reconciler remembers of a VM from one decision to the next. Immutable; lost when control dies, and nothing
 * dangerous follows from that.
 *
 * @param joinedPid the process whose node was seen in the grid, 0 for none
 * @param joinedSince when it was first seen there
 * @param outSince since when its node is out of the grid again, 0 while it is there
 * @param frozenPid process that was seen frozen before its node was failed out, 0 for none
 * @param frozenTicks processor time it had used then
 * @param frozenSince when it was first seen so
 * @param starts starts in a row that did not last
 * @param notBefore no start before this time
 * @param verdict the last one, for telling news from what is known
 * @param ready whether it was READY
 */
record VmMemory(
        long joinedPid,
        long joinedSince,
        long outSince,
        long frozenPid,
        long frozenTicks,
        long frozenSince,
        int starts,
        long notBefore,
        Verdict.Kind verdict,
        boolean ready) {

    static final VmMemory FRESH = new VmMemory(0, 0, 0, 0, 0, 0, 0, Long.MIN_VALUE, Verdict.Kind.OFF, false);

    VmMemory joined(long pid, long now) {
        return joinedPid == pid && outSince == 0
                ? this
                : new VmMemory(
                        pid,
                        joinedPid == pid ? joinedSince : now,
                        0,
                        frozenPid,
                        frozenTicks,
                        frozenSince,
                        starts,
                        notBefore,
                        verdict,
                        ready);
    }

    VmMemory out(long now) {
        return outSince != 0
                ? this
                : new VmMemory(
                        joinedPid,
                        joinedSince,
                        now,
                        frozenPid,
                        frozenTicks,
                        frozenSince,
                        starts,
                        notBefore,
                        verdict,
                        ready);
    }

    VmMemory frozen(long pid, long ticks, long now) {
        return frozenPid == pid && frozenTicks == ticks
                ? this
                : new VmMemory(joinedPid, joinedSince, outSince, pid, ticks, now, starts, notBefore, verdict, ready);
    }

    /** It runs, or is gone. */
    VmMemory notFrozen() {
        return frozen(0, 0, 0);
    }

    /** Milliseconds for which this process has been standing still, as far as it was watched; 0 when it is not. */
    long frozenFor(VmProbe probe, long now) {
        return probe.frozen() && probe.pid() != null && frozenPid == probe.pid() && frozenTicks == probe.cpuTicks()
                ? now - frozenSince
                : 0;
    }

    VmMemory started(int count, long next) {
        return new VmMemory(
                joinedPid, joinedSince, outSince, frozenPid, frozenTicks, frozenSince, count, next, verdict, ready);
    }

    VmMemory concluded(Verdict.Kind kind, boolean nowReady) {
        return new VmMemory(
                joinedPid,
                joinedSince,
                outSince,
                frozenPid,
                frozenTicks,
                frozenSince,
                starts,
                notBefore,
                kind,
                nowReady);
    }
}
