package org.virtugrid.control.vm.process;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.local.ProcessTable;

/** Ends processes, and returns only when the kernel's table proves that they have. */
final class Termination {
    private static final Duration KILL_DEADLINE = Duration.ofSeconds(15);
    private static final long POLL_MILLIS = 5;

    private Termination() {}

    /** The process if it still runs, or is frozen; a process that ended and was not reaped yet does not count. */
    static Optional<ProcessTable.Entry> alive(ProcessIdentity identity) throws IOException {
        return ProcessTable.find(identity.pid())
                .filter(entry -> entry.startTicks() == identity.startTicks() && !entry.ended());
    }

    /** SIGTERM, then SIGKILL when the grace is over; a frozen process could not even hear the first. */
    static void stop(ProcessIdentity identity, Duration grace) {
        try {
            Optional<ProcessTable.Entry> entry = alive(identity);
            if (entry.isPresent() && !entry.get().state().equalsIgnoreCase("T")) {
                ProcessHandle.of(identity.pid()).ifPresent(ProcessHandle::destroy);
                if (await(identity, grace)) {
                    return;
                }
            }
        } catch (IOException e) {
            // what can't be seen can still be killed, and proven below
        }
        kill(identity);
    }

    static void kill(ProcessIdentity identity) {
        try {
            if (alive(identity).isEmpty()) {
                return;
            }
            // compares the time of start itself once more, so a recycled pid is never hit
            ProcessHandle.of(identity.pid()).ifPresent(ProcessHandle::destroyForcibly);
            if (await(identity, KILL_DEADLINE)) {
                return;
            }
        } catch (IOException e) {
            throw unknown(identity, e);
        }
        throw unknown(identity, null);
    }

    private static VmDriverException unknown(ProcessIdentity identity, Exception cause) {
        return new VmDriverException(
                VmDriverException.Kind.OUTCOME_UNKNOWN,
                "process " + identity.pid() + " was killed but cannot be proven to be gone",
                cause);
    }

    private static boolean await(ProcessIdentity identity, Duration atMost) throws IOException {
        long end = System.nanoTime() + atMost.toNanos();
        while (alive(identity).isPresent()) {
            if (System.nanoTime() > end) {
                return false;
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new VmDriverException(
                        VmDriverException.Kind.OUTCOME_UNKNOWN,
                        "interrupted while process " + identity.pid() + " was ending",
                        e);
            }
        }
        return true;
    }
}
