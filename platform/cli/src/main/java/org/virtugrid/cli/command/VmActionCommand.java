package org.virtugrid.cli.command;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.virtugrid.api.VmActionResult;
import org.virtugrid.api.VmActions;
import org.virtugrid.api.VmView;
import org.virtugrid.cli.client.GridClient;
import org.virtugrid.cli.client.Request;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.failure.ExitCode;
import org.virtugrid.cli.format.Json;
import org.virtugrid.cli.format.Table;
import org.virtugrid.cli.format.TimeSpan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** One action on several VMs, named by id, name or label. */
abstract class VmActionCommand extends Action {
    @Parameters(arity = "0..*", paramLabel = "ID", description = "Ids or names.")
    private List<String> ids = new ArrayList<>();

    @Option(
            names = "--label",
            paramLabel = "KEY=VALUE",
            description = "All VMs with this label; several must all be there.")
    private List<String> labels = new ArrayList<>();

    @Option(names = "--all", description = "All VMs.")
    private boolean all;

    @Option(
            names = "--wait",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Whether to wait until it is done (the default).")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "5m",
            description = "How long to wait (${DEFAULT-VALUE}); what was begun goes on after it.")
    private TimeSpan timeout;

    @Mixin
    private DryRun dryRun;

    private final String action;

    VmActionCommand(String action) {
        this.action = action;
    }

    @Override
    public Integer call() {
        int ways = (ids.isEmpty() ? 0 : 1) + (labels.isEmpty() ? 0 : 1) + (all ? 1 : 0);
        if (ways != 1) {
            throw wrong("which VMs? Give their ids or names, or --label KEY=VALUE, or --all");
        }
        Names.pairs("--label", labels);
        GridClient client = client();
        if (dryRun.isWanted()) {
            return preview(client.call(Request.post("/api/vms/actions")
                    .with("dryRun", true)
                    .body(Json.toTree(new VmActions(action, ids, labels, all)))));
        }
        confirm(client);
        Request request = Request.post("/api/vms/actions")
                .with("wait", wait)
                .body(Json.toTree(new VmActions(action, ids, labels, all)))
                .patience(Duration.ZERO);
        JsonNode results = LongCall.of(session(), request, timeout, () -> states(client));
        VmActionResult[] each = Json.read(results, VmActionResult[].class);
        output().data(results, () -> table(each));
        boolean refused = Arrays.stream(each).anyMatch(result -> !result.done());
        return refused ? ExitCode.REFUSED : ExitCode.DONE;
    }

    /** Asks before anything is deleted. */
    void confirm(GridClient client) {}

    /** The VMs that are meant, for a question. */
    final String meant(GridClient client) {
        if (!ids.isEmpty()) {
            return String.join(", ", ids);
        }
        List<String> names = Arrays.stream(client.call(Request.get("/api/vms"), VmView[].class))
                .filter(vm -> all || hasLabels(vm))
                .map(VmView::name)
                .toList();
        return names.isEmpty() ? "none" : String.join(", ", names);
    }

    private boolean hasLabels(VmView vm) {
        return vm.labels() != null
                && vm.labels()
                        .entrySet()
                        .containsAll(Names.pairs("--label", labels).entrySet());
    }

    private String states(GridClient client) {
        try {
            List<String> states = Arrays.stream(client.call(Request.get("/api/vms"), VmView[].class))
                    .map(vm -> vm.name() + " " + vm.state())
                    .toList();
            return action + ": " + String.join(", ", states);
        } catch (CliException e) {
            return action;
        }
    }

    private static String table(VmActionResult[] results) {
        if (results.length == 0) {
            return "No VM is meant by that";
        }
        Table table = new Table("NAME", "ID", "STATE", "DONE", "MESSAGE");
        for (VmActionResult result : results) {
            String done = result.done() ? (result.changed() ? "yes" : "was so") : "REFUSED";
            table.row(result.name(), result.id(), result.state(), done, result.message());
        }
        return table.toString();
    }

    @Command(name = "start", description = "Start VMs.")
    static final class Start extends VmActionCommand {
        Start() {
            super("start");
        }
    }

    @Command(
            name = "stop",
            description = "Stop VMs gracefully; refused (exit code 4) for one with the last copy of anything.")
    static final class Stop extends VmActionCommand {
        Stop() {
            super("stop");
        }
    }

    @Command(
            name = "restart",
            description =
                    "Stop VMs and start them again; refused (exit code 4) for one with the last copy of anything.")
    static final class Restart extends VmActionCommand {
        Restart() {
            super("restart");
        }
    }

    @Command(
            name = "destroy",
            description = "Remove VMs with their disks; refused (exit code 4) for one with the last copy of anything.",
            footerHeading = "%nExamples:%n",
            footer = "  virtugrid vm destroy w3 --yes")
    static final class Destroy extends VmActionCommand {
        @Option(names = "--yes", description = "Don't ask.")
        private boolean yes;

        Destroy() {
            super("destroy");
        }

        @Override
        void confirm(GridClient client) {
            if (!yes) {
                String question = String.format(Locale.ROOT, "Destroy VMs with their disks: %s?", meant(client));
                session().confirmation().yesNo(false, question);
            }
        }
    }
}
