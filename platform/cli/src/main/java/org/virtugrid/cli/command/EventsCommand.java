package org.virtugrid.cli.command;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.virtugrid.api.EventView;
import org.virtugrid.cli.client.GridClient;
import org.virtugrid.cli.client.Request;
import org.virtugrid.cli.console.Pause;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.failure.ExitCode;
import org.virtugrid.cli.format.Json;
import org.virtugrid.cli.format.Table;
import org.virtugrid.cli.format.TimeSpan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** What happened to the platform. */
@Command(
        name = "events",
        description = "Show what happened to the platform, with cause and evidence.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  virtugrid events --since 1h",
            "  virtugrid -o json events --follow    (one JSON object on each line)"
        })
final class EventsCommand extends Action {
    private static final int REMEMBERED = 10_000;
    private static final int MOST_FAILURES = 30;

    @Option(names = "--follow", description = "Go on with new ones as they happen, until Ctrl-C.")
    private boolean follow;

    @Option(names = "--since", paramLabel = "TIME", description = "From then on: 1h (ago), or 2026-01-31T12:00:00Z.")
    private String since;

    private final Set<String> shown = new LinkedHashSet<>();

    @Override
    public Integer call() {
        String from = since(since);
        GridClient client = client();
        if (!follow) {
            JsonNode events = client.call(Request.get("/api/events").with("since", from));
            output().data(events, () -> table(events));
            return done();
        }
        return follow(client, from);
    }

    /** Goes on after the connection broke off; an event that comes twice is shown once. */
    private int follow(GridClient client, String from) {
        if (from != null) {
            client.call(Request.get("/api/events").with("since", from)).forEach(this::show);
        }
        int failures = 0;
        while (true) {
            int before = shown.size();
            try {
                client.stream(Request.get("/api/events").with("since", from), this::show);
            } catch (CliException e) {
                if (e.exitCode() != ExitCode.NOT_REACHABLE || shown.isEmpty()) {
                    throw e;
                }
            } catch (IOException e) {
                if (failures == 0) {
                    output().message("The connection broke off; trying again");
                }
            }
            failures = shown.size() > before ? 0 : failures + 1;
            if (failures > MOST_FAILURES) {
                throw CliException.notReachable("the grid at " + client.address() + " doesn't come back");
            }
            Pause.millis(1_000);
        }
    }

    private void show(JsonNode event) {
        if (event.isObject() && shown.add(Json.line(event))) {
            output().item(event, () -> line(Json.read(event, EventView.class)));
            if (session().console().out().checkError()) {
                throw new CliException(ExitCode.DONE, "nobody reads any more");
            }
            if (shown.size() > REMEMBERED) {
                shown.remove(shown.iterator().next());
            }
        }
    }

    private String since(String given) {
        try {
            return given == null
                    ? null
                    : TimeSpan.parseSince(given, session().console().clock()).toString();
        } catch (IllegalArgumentException e) {
            throw wrong("--since: " + e.getMessage());
        }
    }

    private static String table(JsonNode events) {
        Table table = new Table("TIME", "TYPE", "SUBJECT", "CAUSE");
        for (EventView event : Json.read(events, EventView[].class)) {
            table.row(TimeSpan.local(event.time()), event.type(), event.subject(), event.cause());
        }
        return table.isEmpty() ? "Nothing happened" : table.toString();
    }

    private static String line(EventView event) {
        return Table.printable(
                TimeSpan.local(event.time()) + "  " + event.type() + "  " + event.subject() + "  " + event.cause());
    }
}
