package org.virtugrid.cli.launch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.virtugrid.cli.client.GridClient;
import org.virtugrid.cli.client.Request;
import org.virtugrid.cli.console.Output;
import org.virtugrid.cli.console.Pause;
import org.virtugrid.cli.console.Progress;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.failure.ExitCode;
import org.virtugrid.cli.home.Home;
import org.virtugrid.cli.home.ProcessIdentity;

/** Stops every process of a home: gracefully through control, and by signals where control is gone or stuck. */
public final class GridStop {
    private static final long POLL_MILLIS = 100;
    private static final Duration KILL_AFTER = Duration.ofSeconds(20);

    private final Home home;
    private final Output output;

    public GridStop(Home home, Output output) {
        this.home = home;
        this.output = output;
    }

    /** Returns once nothing of the grid runs; false when nothing ran before. */
    public boolean stop(GridClient client, boolean destroy, Duration timeout, Progress progress) {
        Set<ProcessIdentity> known = new LinkedHashSet<>();
        Optional<ProcessIdentity> control = home.liveControl();
        boolean guests = home.mayHaveGuests();
        if (control.isEmpty()
                && destroy
                && guests
                && !ShutdownReport.read(home).map(ShutdownReport::destroyed).orElse(false)) {
            throw new CliException(
                    ExitCode.REFUSED,
                    "the VMs of this home are guests on other hosts, which only its control process reaches: virtugrid up,"
                            + " then virtugrid down --destroy");
        }
        if (control.isEmpty() && alive(known).isEmpty()) {
            return false;
        }
        boolean asked = false;
        if (control.isPresent()) {
            known.add(control.get());
            asked = ask(client, destroy, guests, control.get());
            awaitEnd(known, control.get(), timeout, progress);
            if (control.get().isAlive()) {
                output.message("The control process has not ended after " + timeout.toSeconds() + " s"
                        + (asked ? "" : " and didn't answer") + "; ending it.");
            }
        }
        end(known, progress);
        progress.clear();
        List<ProcessIdentity> left = alive(known);
        if (!left.isEmpty()) {
            throw CliException.failed("these processes cannot be ended: "
                    + String.join(
                            ", ",
                            left.stream().map(process -> "pid " + process.pid()).toList()));
        }
        if (guests && control.isPresent()) {
            requireNoneLeft(asked, destroy);
        }
        return true;
    }

    /** Control is gone by now, so what it left behind is told by its report. */
    private void requireNoneLeft(boolean asked, boolean destroy) {
        String next = destroy
                ? "; the home stays: virtugrid up, then virtugrid down --destroy again"
                : "; virtugrid up takes up again what runs on";
        Optional<ShutdownReport> report = asked ? ShutdownReport.read(home) : Optional.empty();
        if (report.isEmpty()) {
            throw CliException.failed(
                    "control ended before it could say that its guests had, so some may run on" + next);
        }
        if (!report.get().complete(destroy)) {
            throw CliException.failed("guests could not be " + (destroy ? "destroyed" : "stopped") + " and may run on: "
                    + report.get().names() + next);
        }
    }

    /** Asks for a graceful stop; a control that cannot be asked gets SIGTERM, unless it has guests to destroy. */
    private boolean ask(GridClient client, boolean destroy, boolean guests, ProcessIdentity control) {
        if (client != null) {
            try {
                client.call(Request.post("/api/shutdown").with("destroy", destroy));
                return true;
            } catch (CliException e) {
                if (destroy && guests) {
                    throw e;
                }
                output.message("The control process cannot be asked to stop: " + e.getMessage());
            }
        }
        if (destroy && guests) {
            throw CliException.failed(
                    "control cannot be asked to destroy its guests without the token in " + home.tokenFile());
        }
        control.signal(false);
        return false;
    }

    /** Waits for all to end, but no longer than control lives: what it leaves behind it will not stop any more. */
    private void awaitEnd(Set<ProcessIdentity> known, ProcessIdentity control, Duration timeout, Progress progress) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (System.nanoTime() < deadline && control.isAlive()) {
            int workers = alive(known).size() - (control.isAlive() ? 1 : 0);
            progress.stage(workers > 0 ? "stopping, " + workers + " workers still run" : "stopping control");
            Pause.millis(POLL_MILLIS);
        }
    }

    private void end(Set<ProcessIdentity> known, Progress progress) {
        for (boolean force : new boolean[] {false, true}) {
            List<ProcessIdentity> left = alive(known);
            left.forEach(process -> process.signal(force));
            long deadline = System.nanoTime() + KILL_AFTER.toNanos();
            while (System.nanoTime() < deadline && !left.isEmpty()) {
                progress.stage((force ? "killing " : "ending ") + left.size() + " processes");
                Pause.millis(POLL_MILLIS);
                left = alive(known);
            }
        }
    }

    /** Those that still run, with workers that were started meanwhile. */
    private List<ProcessIdentity> alive(Set<ProcessIdentity> known) {
        home.liveWorkers().forEach(worker -> known.add(worker.process()));
        return new ArrayList<>(known.stream().filter(ProcessIdentity::isAlive).toList());
    }
}
