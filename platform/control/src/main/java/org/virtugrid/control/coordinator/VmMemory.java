package org.virtugrid.control.coordinator;

import org.virtugrid.control.vm.VmProbe;

/**
 * What the reconciler remembers of a VM from one decision to the next. Immutable; lost when control dies, and nothing
 * dangerous follows from that.
 *
 * @param joinedLife the life whose node was seen in the grid, empty for none
 * @param joinedSince when it was first seen there
 * @param outSince since when its node is out of the grid again, 0 while it is there
 * @param standstill its process as it was seen frozen before its node was failed out
 * @param starts starts in a row that did not last
 * @param notBefore no start before this time
 * @param verdict the last one, for telling news from what is known
 * @param ready whether it was READY
 */
record VmMemory(
        String joinedLife,
        long joinedSince,
        long outSince,
        Standstill standstill,
        int starts,
        long notBefore,
        Verdict.Kind verdict,
        boolean ready) {

    static final VmMemory FRESH = new VmMemory("", 0, 0, Standstill.NONE, 0, Long.MIN_VALUE, Verdict.Kind.OFF, false);

    VmMemory joined(String lifeId, long now) {
        return joinedLife.equals(lifeId) && outSince == 0
                ? this
                : new VmMemory(
                        lifeId,
                        joinedLife.equals(lifeId) ? joinedSince : now,
                        0,
                        standstill,
                        starts,
                        notBefore,
                        verdict,
                        ready);
    }

    VmMemory out(long now) {
        return outSince != 0
                ? this
                : new VmMemory(joinedLife, joinedSince, now, standstill, starts, notBefore, verdict, ready);
    }

    VmMemory seen(VmProbe probe, long now) {
        return new VmMemory(
                joinedLife, joinedSince, outSince, standstill.seen(probe, now), starts, notBefore, verdict, ready);
    }

    VmMemory started(int count, long next) {
        return new VmMemory(joinedLife, joinedSince, outSince, standstill, count, next, verdict, ready);
    }

    VmMemory concluded(Verdict.Kind kind, boolean nowReady) {
        return new VmMemory(joinedLife, joinedSince, outSince, standstill, starts, notBefore, kind, nowReady);
    }
}
