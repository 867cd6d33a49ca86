package org.virtugrid.control.vm;

import java.time.Instant;

/**
 * What a driver sees of a VM at one moment, without asking the VM itself.
 *
 * @param lifeId which of its lives this is or was, as the node that lives in it tells the grid; null when it had none
 * @param pid process of the VM on its host, or null where the driver can't tell
 * @param processState R, S, D, T (stopped), Z … as the process table has it, or null
 * @param cpuTicks processor time it has used; the same number twice means that it did not run in between
 * @param startedAt when this life of the VM began, or null
 * @param detail one sentence on what was seen
 */
public record VmProbe(
        Life life, String lifeId, Long pid, String processState, long cpuTicks, Instant startedAt, String detail) {

    /** Whether there is life; that it can't be told is never the same as gone. */
    public enum Life {
        /** It was never started, or was stopped or killed on purpose. */
        OFF,
        /** It is known to run, or to be frozen: the process is there. */
        RUNNING,
        /** It had been started and is known to be gone, by itself. */
        DIED,
        /** It can't be told. */
        UNKNOWN
    }

    /** Known not to run. */
    public boolean gone() {
        return life == Life.OFF || life == Life.DIED;
    }

    /** Stopped by a signal or a debugger, so that it can't run. */
    public boolean frozen() {
        return "T".equals(processState) || "t".equals(processState);
    }

    /** A VM that is off. */
    public static VmProbe off() {
        return new VmProbe(Life.OFF, null, null, null, 0, null, "not started");
    }
}
