package org.virtugrid.cli.launch;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.virtugrid.api.StatusView;
import org.virtugrid.cli.client.ApiException;
import org.virtugrid.cli.client.GridClient;
import org.virtugrid.cli.client.Request;
import org.virtugrid.cli.console.Pause;
import org.virtugrid.cli.console.Progress;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.failure.ExitCode;
import org.virtugrid.cli.home.ProcessIdentity;

/** Waits until a grid that starts is READY, shows what it is doing, and says what is wrong when it doesn't get there. */
final class ReadyWait {
    /** Where enough control nodes are up, one leads sooner. */
    private static final long LEADERLESS_NANOS = 12_000_000_000L;

    /** With this begins what control says to a user in its log. */
    private static final String OWN_WORDS = "virtugrid: ";

    private static final int TAIL_LINES = 5;
    private static final long POLL_MILLIS = 150;

    private final GridClient client;
    private final ProcessIdentity control;
    private final ControlProcess process;
    private final long logged;

    ReadyWait(GridClient client, ProcessIdentity control, ControlProcess process, long logged) {
        this.client = client;
        this.control = control;
        this.process = process;
        this.logged = logged;
    }

    StatusView await(Duration timeout, Progress progress, Runnable eachTime) {
        long deadline = System.nanoTime() + timeout.toNanos();
        StatusView last = null;
        long leaderless = Long.MAX_VALUE;
        while (System.nanoTime() < deadline) {
            if (!control.isAlive()) {
                progress.clear();
                throw ended();
            }
            eachTime.run();
            StatusView status = ask();
            if (status != null) {
                last = status;
                leaderless = isLeaderless(status) ? Math.min(leaderless, System.nanoTime()) : Long.MAX_VALUE;
                if (isUp(status) || System.nanoTime() - leaderless > LEADERLESS_NANOS) {
                    progress.clear();
                    return status;
                }
            }
            progress.stage(stage(last));
            Pause.millis(POLL_MILLIS);
        }
        progress.clear();
        throw CliException.failed("not READY after " + timeout.toSeconds() + " s: " + missing(last) + tail()
                + "\nvirtugrid: it goes on trying; virtugrid events tells why, virtugrid up waits again (--timeout TIME),"
                + " virtugrid down stops it");
    }

    private CliException ended() {
        List<String> said = process.lastLines(TAIL_LINES, logged).stream()
                .filter(line -> line.startsWith(OWN_WORDS))
                .map(line -> line.substring(OWN_WORDS.length()))
                .toList();
        String last = said.isEmpty() ? null : said.get(said.size() - 1);
        if (last != null && process.exitCode().equals(OptionalInt.of(ExitCode.WRONG_INPUT))) {
            return CliException.wrongInput(last);
        }
        return CliException.failed("the control process ended"
                + (last == null ? tail() : ": " + last)
                + "\nvirtugrid: remedy: mend " + (last == null ? "what the log says" : "that")
                + ", then virtugrid up; virtugrid doctor checks the rest");
    }

    /** READY, or as good as it gets: lost data doesn't come back by waiting. */
    private static boolean isUp(StatusView status) {
        boolean everyVm =
                status.vms() != null && status.vms().ready() == status.vms().total();
        boolean loss =
                status.datasetsWithLoss() != null && !status.datasetsWithLoss().isEmpty();
        return status.state().equals("READY") || (status.state().equals("DEGRADED") && everyVm && loss);
    }

    /** The first of several control nodes is as far as it can be: it needs the others to go on. */
    private static boolean isLeaderless(StatusView status) {
        return status.control() != null
                && status.control().size() > 1
                && status.control().stream().noneMatch(StatusView.Control::leader);
    }

    private StatusView ask() {
        try {
            return client.call(Request.get("/api/super-vm/status").patience(Duration.ofSeconds(5)), StatusView.class);
        } catch (ApiException e) {
            if (e.status() == 401 || e.status() == 403) {
                throw e;
            }
            return null;
        } catch (CliException notYet) {
            return null;
        }
    }

    private static String stage(StatusView status) {
        if (status == null) {
            return "starting the control process";
        }
        if (status.stage() != null && !status.stage().isBlank()) {
            return status.stage();
        }
        return status.vms() == null
                ? "starting"
                : "starting workers, " + status.vms().ready() + " of "
                        + status.vms().total() + " READY";
    }

    private static String missing(StatusView status) {
        if (status == null) {
            return "the control process doesn't answer yet";
        }
        String reason = status.reason() == null ? stage(status) : status.reason();
        return status.state() + ", " + reason;
    }

    private String tail() {
        List<String> lines = process.lastLines(TAIL_LINES, logged);
        return lines.isEmpty() ? "" : "; the log's last lines:\n  " + String.join("\n  ", lines);
    }
}
