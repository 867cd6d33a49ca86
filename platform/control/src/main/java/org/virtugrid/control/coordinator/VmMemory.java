package org.virtugrid.control.coordinator;

/**
 * What the reconciler remembers of a VM from one decision to the next. Immutable; lost when control dies, and nothing
 * dangerous follows from that.
 *
 * @param joinedPid the process whose node was seen in the grid, 0 for none
 * @param joinedSince when it was first seen there
 * @param outSince since when its node is out of the grid again, 0 while it is there
 * @param frozenPid process that was seen frozen while its node still was a member, 0 for none
 * @param frozenTicks processor time it had used then
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
        int starts,
        long notBefore,
        Verdict.Kind verdict,
        boolean ready) {

    static final VmMemory FRESH = new VmMemory(0, 0, 0, 0, 0, 0, Long.MIN_VALUE, Verdict.Kind.OFF, false);

    VmMemory joined(long pid, long now) {
        return joinedPid == pid && outSince == 0
                ? this
                : new VmMemory(
                        pid,
                        joinedPid == pid ? joinedSince : now,
                        0,
                        frozenPid,
                        frozenTicks,
                        starts,
                        notBefore,
                        verdict,
                        ready);
    }

    VmMemory out(long now) {
        return outSince != 0
                ? this
                : new VmMemory(joinedPid, joinedSince, now, frozenPid, frozenTicks, starts, notBefore, verdict, ready);
    }

    VmMemory frozen(long pid, long ticks) {
        return frozenPid == pid && frozenTicks == ticks
                ? this
                : new VmMemory(joinedPid, joinedSince, outSince, pid, ticks, starts, notBefore, verdict, ready);
    }

    VmMemory started(int count, long next) {
        return new VmMemory(joinedPid, joinedSince, outSince, frozenPid, frozenTicks, count, next, verdict, ready);
    }

    VmMemory concluded(Verdict.Kind kind, boolean nowReady) {
        return new VmMemory(
                joinedPid, joinedSince, outSince, frozenPid, frozenTicks, starts, notBefore, kind, nowReady);
    }
}
