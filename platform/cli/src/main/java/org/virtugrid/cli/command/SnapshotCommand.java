package org.virtugrid.cli.command;

import java.time.Duration;
import org.virtugrid.api.SnapshotCreate;
import org.virtugrid.api.SnapshotView;
import org.virtugrid.api.VmActionResult;
import org.virtugrid.cli.client.Request;
import org.virtugrid.cli.failure.ExitCode;
import org.virtugrid.cli.format.Json;
import org.virtugrid.cli.format.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Snapshots of VMs' disks. */
@Command(
        name = "snapshot",
        description = "Snapshots of VMs' disks (driver libvirt): create, list, revert, delete.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            SnapshotCommand.Create.class,
            SnapshotCommand.ListSnapshots.class,
            SnapshotCommand.Revert.class,
            SnapshotCommand.Delete.class
        },
        footerHeading = "%nExamples:%n",
        footer = {"  virtugrid vm snapshot create w2 before-upgrade", "  virtugrid vm snapshot revert w2 before-upgrade"
        })
final class SnapshotCommand {
    private static final String SNAPSHOTS = "snapshots";

    private SnapshotCommand() {}

    @Command(name = "create", description = "Take a snapshot of a READY VM's disk; the VM goes on serving.")
    static final class Create extends Action {
        @Parameters(index = "0", paramLabel = "ID", description = "Id or name of the VM.")
        private String id;

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "NAME",
                description = "Name of the snapshot; made of the time when it is left out.")
        private String name;

        @Override
        public Integer call() {
            SnapshotCreate body = new SnapshotCreate(name == null ? null : Names.fresh("snapshot", name));
            JsonNode made = call(Request.post("/api/vms", id, SNAPSHOTS).body(Json.toTree(body)));
            output().data(made, () -> table(Json.read(made, SnapshotView.class)));
            return done();
        }
    }

    @Command(name = "list", description = "List a VM's snapshots, and whether it can go back to them.")
    static final class ListSnapshots extends Action {
        @Parameters(paramLabel = "ID", description = "Id or name of the VM.")
        private String id;

        @Override
        public Integer call() {
            JsonNode all = call(Request.get("/api/vms", id, SNAPSHOTS));
            SnapshotView[] snapshots = Json.read(all, SnapshotView[].class);
            output().data(
                            all,
                            () -> snapshots.length == 0
                                    ? "There are none; take one with: virtugrid vm snapshot create " + id
                                    : table(snapshots));
            return done();
        }
    }

    @Command(
            name = "revert",
            description = {
                "Set a VM's disk back: it stops, starts again, and gets what is newer from the others.",
                "Refused (exit code 4) for one with the last copy of anything."
            })
    static final class Revert extends Action {
        @Parameters(index = "0", paramLabel = "ID", description = "Id or name of the VM.")
        private String id;

        @Parameters(index = "1", paramLabel = "NAME", description = "Name of the snapshot.")
        private String name;

        @Option(
                names = "--wait",
                negatable = true,
                defaultValue = "true",
                fallbackValue = "true",
                description = "Whether to wait until the VM is READY again (the default).")
        private boolean wait;

        @Override
        public Integer call() {
            JsonNode result = call(Request.post("/api/vms", id, SNAPSHOTS, name, "revert")
                    .with("wait", wait)
                    .patience(Duration.ZERO));
            VmActionResult one = Json.read(result, VmActionResult.class);
            output().data(result, () -> one.name() + " " + one.state() + ": " + one.message());
            return one.done() ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    @Command(name = "delete", description = "Remove a snapshot; the VM's disk stays as it is.")
    static final class Delete extends Action {
        @Parameters(index = "0", paramLabel = "ID", description = "Id or name of the VM.")
        private String id;

        @Parameters(index = "1", paramLabel = "NAME", description = "Name of the snapshot.")
        private String name;

        @Option(names = "--yes", description = "Don't ask.")
        private boolean yes;

        @Override
        public Integer call() {
            if (!yes) {
                session().confirmation().yesNo(false, "Remove snapshot " + name + " of VM " + id + "?");
            }
            JsonNode result = call(Request.delete("/api/vms", id, SNAPSHOTS, name));
            output().data(result, () -> Json.read(result, VmActionResult.class).message());
            return done();
        }
    }

    private static String table(SnapshotView... snapshots) {
        Table table = new Table("NAME", "TAKEN", "BY", "VM", "REVERT");
        for (SnapshotView one : snapshots) {
            table.row(
                    one.name(),
                    one.takenAt(),
                    one.scheduled() ? "schedule" : "user",
                    one.vmName(),
                    one.obstacle() == null ? "possible" : "no: " + one.obstacle());
        }
        return table.toString();
    }
}
