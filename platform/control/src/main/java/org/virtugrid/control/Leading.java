package org.virtugrid.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.virtugrid.control.coordinator.ControlNodes;
import org.virtugrid.control.coordinator.EventLog;
import org.virtugrid.control.coordinator.Leadership;
import org.virtugrid.control.coordinator.ShutdownReport;
import org.virtugrid.control.coordinator.ShutdownReport.Outcome;
import org.virtugrid.control.home.Home;
import org.virtugrid.control.leadership.VotedLeadership;
import org.virtugrid.grid.fault.GridException;

/**
 * Who leads: this process where it is alone, else whom a majority votes for.
 *
 * @param last what this process does at the end of a shutdown of the platform
 */
record Leading(Leadership leadership, ControlNodes nodes, Consumer<Outcome> last, Runnable giveUp) {

    /** For the control node of a home; {@code exit} ends this process. */
    static Leading of(Home home, Path keys, EventLog events, Runnable exit) {
        String id = home.settings().controlId();
        if (home.controlNodes().alone()) {
            return new Leading(Leadership.alone(), ControlNodes.alone(id, home.url()), outcome -> exit.run(), () -> {});
        }
        VotedLeadership voted = new VotedLeadership(new VotedLeadership.Setting(
                home.controlNodes(),
                id,
                home.url(),
                keys,
                secret(home.tokenFile()),
                home.control().resolve("ballot"),
                outcome -> {
                    new ShutdownReport(home.shutdownReport()).write(outcome);
                    exit.run();
                }));
        voted.onChange(() -> tell(voted.term(), id, events));
        return new Leading(
                voted,
                voted,
                outcome -> {
                    voted.stopOthers(outcome);
                    exit.run();
                },
                voted::close);
    }

    private static void tell(OptionalLong term, String id, EventLog events) {
        if (term.isPresent()) {
            events.record(
                    "CONTROL_LEADS",
                    id,
                    "a majority of the control nodes votes for it",
                    Map.of("term", term.getAsLong()));
        } else {
            events.record("CONTROL_LEADS_NO_MORE", id, "its lease is over, or it gave it up", Map.of());
        }
    }

    private static String secret(Path tokenFile) {
        try {
            return Files.readString(tokenFile).strip();
        } catch (IOException e) {
            throw new GridException(
                    GridException.Kind.UNAVAILABLE,
                    null,
                    "the token " + tokenFile + " cannot be read",
                    "restore the file from another control node's home",
                    e);
        }
    }

    /** Gives the lead up. */
    void close() {
        giveUp.run();
    }
}
