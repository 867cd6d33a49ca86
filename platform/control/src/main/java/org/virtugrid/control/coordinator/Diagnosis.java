package org.virtugrid.control.coordinator;

import org.virtugrid.control.coordinator.Verdict.Kind;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmProbe;

/** Fuses what the driver and the grid show of a VM into a verdict. Pure. */
final class Diagnosis {
    private static final int MOST_PATIENCE = 4;

    private final Limits limits;

    Diagnosis(Limits limits) {
        this.limits = limits;
    }

    Verdict of(VmObservation vm, VmMemory memory, Observation seen) {
        VmProbe probe = vm.probe();
        return switch (probe.life()) {
            case UNKNOWN -> new Verdict(Kind.UNKNOWN, probe.detail());
            case OFF -> new Verdict(vm.record().desired() == Desired.RUNNING ? Kind.OFF : Kind.STOPPED, probe.detail());
            case DIED ->
                vm.record().desired() == Desired.RUNNING
                        ? new Verdict(Kind.CRASHED, probe.detail())
                        : new Verdict(Kind.STOPPED, probe.detail());
            case RUNNING -> ofRunning(vm, memory, seen);
        };
    }

    private Verdict ofRunning(VmObservation vm, VmMemory memory, Observation seen) {
        VmProbe probe = vm.probe();
        if (!seen.grid().joined()) {
            return new Verdict(Kind.STARTING, probe.detail() + "; the control node is not in the grid yet");
        }
        if (seen.grid().memberOf(vm.record().id(), probe).isPresent()) {
            return new Verdict(Kind.ALIVE, probe.detail() + "; its node is in the grid");
        }
        if (memory.joinedLife().equals(probe.lifeId())) {
            boolean justNow = memory.outSince() == 0
                    || seen.nowMillis() - memory.outSince() < limits.settle().toMillis();
            if (justNow && !probe.frozen()) {
                // Whoever crashed is out of the grid before it is out of the process table; whoever was cut off halts.
                return new Verdict(Kind.LEAVING, probe.detail() + "; its node left the grid a moment ago");
            }
            return new Verdict(Kind.HUNG, probe.detail() + "; its node was failed out of the grid");
        }
        long frozenFor = memory.standstill().millis(probe, seen.nowMillis());
        if (frozenFor > limits.failureDetection().toMillis()) {
            return new Verdict(
                    Kind.HUNG,
                    probe.detail() + "; it has been frozen for " + frozenFor / 1000
                            + " s, and its node has not joined");
        }
        long now = seen.nowMillis();
        long since = Math.max(memory.notBefore(), memory.lives().since(probe.lifeId(), now));
        long seenFor = now - Math.max(seen.grid().joinedMillis(), since);
        // Where even starts that are well take longer than usual, killing them would keep them from ever joining
        long patience = limits.joinDeadline().toMillis() * Math.max(1, Math.min(MOST_PATIENCE, memory.starts()));
        if (seenFor > patience) {
            return new Verdict(
                    Kind.HUNG, probe.detail() + "; its node has not joined within " + patience / 1000 + " s");
        }
        return new Verdict(Kind.STARTING, probe.detail() + "; its node has not joined yet");
    }
}
