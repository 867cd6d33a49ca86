package org.virtugrid.cli.command;

import java.time.Duration;
import org.virtugrid.api.StatusView;
import org.virtugrid.cli.client.GridClient;
import org.virtugrid.cli.client.Request;
import org.virtugrid.cli.console.Pause;
import org.virtugrid.cli.console.Progress;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.format.Json;
import org.virtugrid.cli.format.TimeSpan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Sets the wanted number of workers. */
@Command(
        name = "scale",
        description = "Set the number of workers; the newest go first, and none with the last copy of anything.",
        footerHeading = "%nExamples:%n",
        footer = "  virtugrid scale 5")
final class ScaleCommand extends Action {
    @Parameters(paramLabel = "N", description = "Wanted number of workers.")
    private int workers;

    @Option(
            names = "--wait",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Whether to wait until that many are READY (the default).")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "180s",
            description = "How long to wait (${DEFAULT-VALUE}).")
    private TimeSpan timeout;

    @Mixin
    private DryRun dryRun;

    @Override
    public Integer call() {
        if (workers < 1) {
            throw wrong("a grid has at least 1 worker; to stop it: virtugrid down");
        }
        GridClient client = client();
        if (dryRun.isWanted()) {
            return preview(client.call(Request.post("/api/super-vm/scale")
                    .with("dryRun", true)
                    .body(Json.object().put("nodes", workers))));
        }
        JsonNode answer = client.call(Request.post("/api/super-vm/scale")
                .body(Json.object().put("nodes", workers))
                .patience(Duration.ZERO));
        JsonNode vms = wait ? await(client) : answer;
        StatusView.Vms view = Json.read(vms, StatusView.Vms.class);
        output().data(vms, () -> view.ready() + " of " + view.total() + " workers are READY");
        return done();
    }

    private JsonNode await(GridClient client) {
        long deadline = System.nanoTime() + timeout.duration().toNanos();
        try (Progress progress = session().progress()) {
            while (true) {
                JsonNode vms = client.call(Request.get("/api/super-vm/status")).path("vms");
                int total = vms.path("total").asInt(0);
                int ready = vms.path("ready").asInt(0);
                if (total == workers && ready == workers) {
                    return vms;
                }
                if (System.nanoTime() > deadline) {
                    throw CliException.failed(ready + " of " + total + " workers are READY after "
                            + TimeSpan.human(timeout.duration().toSeconds()) + ", " + workers
                            + " are wanted; it goes on trying, look with: virtugrid status");
                }
                progress.stage(ready + " of " + total + " workers are READY, " + workers + " are wanted");
                Pause.millis(200);
            }
        }
    }
}
