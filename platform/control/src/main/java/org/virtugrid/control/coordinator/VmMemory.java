package org.virtugrid.control.coordinator;

import org.virtugrid.control.vm.VmProbe;

/**
 * What the reconciler remembers of a VM from one decision to the next. Immutable; lost when control dies, and nothing
 * dangerous follows from that.
 *
 * @param joinedLife the life whose node was seen in the grid, empty for none
 * @param joinedSince when it was first seen there
 * @param outSince since when its node is out of the grid again, 0 while it is there
 * @param lives the lives that it had
 * @param standstill its process as it was seen frozen before its node was failed out
 * @param starts starts in a row that did not last
 * @param notBefore no start before this time
 * @param nextMove no move to another host before this time
 * @param verdict the last one, for telling news from what is known
 * @param ready whether it was READY
 */
record VmMemory(
        String joinedLife,
        long joinedSince,
        long outSince,
        Lives lives,
        Standstill standstill,
        int starts,
        long notBefore,
        long nextMove,
        Verdict.Kind verdict,
        boolean ready) {

    static final VmMemory FRESH = new VmMemory(
            "", 0, 0, Lives.NONE, Standstill.NONE, 0, Long.MIN_VALUE, Long.MIN_VALUE, Verdict.Kind.OFF, false);

    VmMemory joined(String lifeId, long now) {
        return joinedLife.equals(lifeId) && outSince == 0
                ? this
                : new VmMemory(
                        lifeId,
                        joinedLife.equals(lifeId) ? joinedSince : now,
                        0,
                        lives,
                        standstill,
                        starts,
                        notBefore,
                        nextMove,
                        verdict,
                        ready);
    }

    VmMemory out(long now) {
        return outSince != 0
                ? this
                : new VmMemory(
                        joinedLife, joinedSince, now, lives, standstill, starts, notBefore, nextMove, verdict, ready);
    }

    VmMemory seen(VmProbe probe, long now) {
        return new VmMemory(
                joinedLife,
                joinedSince,
                outSince,
                lives.seen(probe.lifeId(), now),
                standstill.seen(probe, now),
                starts,
                notBefore,
                nextMove,
                verdict,
                ready);
    }

    VmMemory started(int count, long next) {
        return new VmMemory(
                joinedLife, joinedSince, outSince, lives, standstill, count, next, nextMove, verdict, ready);
    }

    VmMemory concluded(Verdict.Kind kind, boolean nowReady) {
        return new VmMemory(
                joinedLife, joinedSince, outSince, lives, standstill, starts, notBefore, nextMove, kind, nowReady);
    }

    VmMemory moved(long next) {
        return new VmMemory(
                joinedLife, joinedSince, outSince, lives, standstill, starts, notBefore, next, verdict, ready);
    }

    VmMemory with(Lives next) {
        return new VmMemory(
                joinedLife, joinedSince, outSince, next, standstill, starts, notBefore, nextMove, verdict, ready);
    }
}
