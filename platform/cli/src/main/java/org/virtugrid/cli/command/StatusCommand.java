package org.virtugrid.cli.command;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.virtugrid.api.StatusView;
import org.virtugrid.cli.client.ApiException;
import org.virtugrid.cli.client.Request;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.failure.ExitCode;
import org.virtugrid.cli.format.ByteSize;
import org.virtugrid.cli.format.Json;
import org.virtugrid.cli.format.Table;
import org.virtugrid.cli.home.Home;
import org.virtugrid.cli.home.HomeSettings;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Shows the platform as one machine. */
@Command(
        name = "status",
        description = "Show the state of the grid, its resources, tasks and datasets.",
        footerHeading = "%nExamples:%n",
        footer = {"  virtugrid status", "  virtugrid -o json status | jq -r .state"})
final class StatusCommand extends Action {
    @Override
    public Integer call() {
        JsonNode status = status();
        output().data(status, () -> table(Json.read(status, StatusView.class)));
        return done();
    }

    private JsonNode status() {
        Home home = session().home();
        if (session().givenAddress().isEmpty() && home.kind() != Home.Kind.GRID) {
            return stopped();
        }
        try {
            return call(Request.get("/api/super-vm/status"));
        } catch (ApiException e) {
            throw e;
        } catch (CliException e) {
            boolean noAnswer = e.exitCode() == ExitCode.NOT_REACHABLE;
            if (noAnswer
                    && session().givenAddress().isEmpty()
                    && home.liveControl().isEmpty()) {
                return stopped();
            }
            throw e;
        }
    }

    /** The same shape as ever, so that scripts needn't tell the cases apart. */
    private JsonNode stopped() {
        Home home = session().home();
        Map<String, Integer> ports = home.settings().map(HomeSettings::ports).orElse(Map.of());
        boolean workersLeft =
                home.kind() == Home.Kind.GRID && !home.liveWorkers().isEmpty();
        ObjectNode status = (ObjectNode) Json.toTree(new StatusView(
                "STOPPED",
                workersLeft
                        ? home.liveWorkers().size() + " workers run without control; virtugrid up adopts them"
                        : "nothing runs; virtugrid up starts it",
                null,
                Version.text(),
                home.settings()
                        .map(settings -> "http://127.0.0.1:" + settings.httpPort())
                        .orElse(null),
                new StatusView.Vms(0, 0),
                null,
                new StatusView.Tasks(0, 0, 0, 0, 0),
                0,
                List.of(),
                ports,
                List.of()));
        // Not through the record, whose amounts are no integers and would read 0.0
        ObjectNode resources = status.putObject("resources");
        for (String resource : List.of("cpus", "memoryBytes", "gpus")) {
            resources.putObject(resource).put("total", 0).put("free", 0);
        }
        return status;
    }

    private static String table(StatusView status) {
        Table table = new Table("", "");
        table.row("state", status.state() + (status.reason() == null ? "" : ": " + status.reason()));
        if (status.stage() != null) {
            table.row("stage", status.stage());
        }
        table.row("address", status.url());
        if (status.vms() != null) {
            table.row("VMs", status.vms().ready() + " of " + status.vms().total() + " READY");
        }
        if (status.resources() != null) {
            StatusView.Resources resources = status.resources();
            StatusView.Cpus cpus = resources.cpus();
            table.row("cpus", cpus == null ? null : number(cpus.free()) + " free of " + cpus.total());
            StatusView.Amount memory = resources.memoryBytes();
            table.row(
                    "memory",
                    memory == null
                            ? null
                            : ByteSize.human(memory.free()) + " free of " + ByteSize.human(memory.total()));
            StatusView.Amount gpus = resources.gpus();
            table.row("gpus", gpus == null ? null : gpus.free() + " free of " + gpus.total());
        }
        if (status.tasks() != null) {
            StatusView.Tasks tasks = status.tasks();
            table.row(
                    "tasks",
                    tasks.running() + " running, " + tasks.queued() + " queued, " + tasks.succeeded() + " succeeded, "
                            + tasks.failed() + " failed, " + tasks.cancelled() + " cancelled");
        }
        table.row("datasets", loss(status));
        if (status.control() != null && status.control().size() > 1) {
            status.control().forEach(node -> table.row(node.id(), control(node)));
        }
        Integer thin = status.ports() == null ? null : status.ports().get("thin");
        table.row("thin clients", thin == null ? null : "port " + thin);
        return table.toString();
    }

    private static String control(StatusView.Control node) {
        return (node.leader() ? "leads" : "stands by")
                + (node.joined() ? "" : ", is not in the grid")
                + (node.url() == null ? "" : ", " + node.url());
    }

    private static String loss(StatusView status) {
        List<String> lossy = status.datasetsWithLoss();
        return status.datasets()
                + (lossy == null || lossy.isEmpty() ? "" : ", with lost chunks: " + String.join(", ", lossy));
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : String.format(Locale.ROOT, "%.1f", value);
    }
}
