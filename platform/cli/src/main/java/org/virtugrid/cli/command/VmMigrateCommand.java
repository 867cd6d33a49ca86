package org.virtugrid.cli.command;

import java.time.Duration;
import org.virtugrid.api.Migration;
import org.virtugrid.api.VmActionResult;
import org.virtugrid.cli.client.Request;
import org.virtugrid.cli.format.Json;
import org.virtugrid.cli.format.TimeSpan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Brings a VM to another host. */
@Command(
        name = "migrate",
        description =
                "Move a VM to another host, while it runs where the hosts allow that; refused (exit code 4) for one"
                        + " with the last copy of anything.",
        footerHeading = "%nExamples:%n",
        footer = {"  virtugrid vm migrate w2 --to kvm-b", "  virtugrid vm migrate w2 --to kvm-b --dry-run"})
final class VmMigrateCommand extends Action {
    @Parameters(paramLabel = "ID", description = "Id or name.")
    private String id;

    @Option(
            names = "--to",
            paramLabel = "HOST",
            required = true,
            description = "Name of the host, as host list has it.")
    private String host;

    @Mixin
    private DryRun dryRun;

    @Option(
            names = "--wait",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Whether to wait until it is there (the default).")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "15m",
            description = "How long to wait (${DEFAULT-VALUE}); what was begun goes on after it.")
    private TimeSpan timeout;

    @Override
    public Integer call() {
        Request request = Request.post("/api/vms", id, "migrate").body(Json.toTree(new Migration(host)));
        if (dryRun.isWanted()) {
            return preview(call(request.with("dryRun", true)));
        }
        JsonNode result = LongCall.of(
                session(),
                request.with("wait", wait).patience(Duration.ZERO),
                timeout,
                () -> "moving " + id + " to " + host);
        output().data(result, () -> {
            VmActionResult one = Json.read(result, VmActionResult.class);
            return one.name() + ": " + one.message();
        });
        return done();
    }
}
