package org.virtugrid.cli.command;

import org.virtugrid.api.GpuView;
import org.virtugrid.api.HostView;
import org.virtugrid.cli.client.Request;
import org.virtugrid.cli.console.Pause;
import org.virtugrid.cli.console.Progress;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.format.Json;
import org.virtugrid.cli.format.Table;
import org.virtugrid.cli.format.TimeSpan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Machines that VMs live on. */
@Command(
        name = "host",
        description = "Machines that VMs live on: list, drain, resume.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            HostCommand.ListHosts.class,
            HostCommand.Gpus.class,
            HostCommand.Drain.class,
            HostCommand.Resume.class
        },
        footerHeading = "%nExamples:%n",
        footer = {"  virtugrid host list", "  virtugrid host drain kvm-a", "  virtugrid host resume kvm-a"})
final class HostCommand {

    @Command(name = "list", description = "List the hosts, whether they answer, and how they run guests.")
    static final class ListHosts extends Action {
        @Override
        public Integer call() {
            JsonNode hosts = call(Request.get("/api/hosts"));
            output().data(hosts, () -> table(hosts));
            return done();
        }
    }

    @Command(name = "gpus", description = "List the GPUs of all hosts, what goes with each, and which VM has it.")
    static final class Gpus extends Action {
        @Override
        public Integer call() {
            JsonNode gpus = call(Request.get("/api/hosts/gpus"));
            output().data(gpus, () -> gpuTable(Json.read(gpus, GpuView[].class)));
            return done();
        }

        private static String gpuTable(GpuView[] gpus) {
            if (gpus.length == 0) {
                return "No host has a GPU that VMs can be given";
            }
            Table table = new Table("HOST", "ADDRESS", "PRODUCT", "IOMMU GROUP", "DEVICES", "VM");
            for (GpuView gpu : gpus) {
                table.row(
                        gpu.host(),
                        gpu.address(),
                        gpu.product(),
                        gpu.iommuGroup() == null ? "none: not usable" : gpu.iommuGroup(),
                        String.join(" ", gpu.group()),
                        gpu.vmName());
            }
            return table.toString();
        }
    }

    @Command(
            name = "drain",
            description =
                    "Begin a host's maintenance: it gets no more VMs, and those it has go to other hosts, one at a"
                            + " time, while they run where the hosts allow that; returns when it is empty.",
            footerHeading = "%nExamples:%n",
            footer = {"  virtugrid host drain kvm-a --dry-run", "  virtugrid host drain kvm-a"})
    static final class Drain extends Action {
        @Parameters(paramLabel = "HOST", description = "Name of the host.")
        private String host;

        @Mixin
        private DryRun dryRun;

        @Option(
                names = "--wait",
                negatable = true,
                defaultValue = "true",
                fallbackValue = "true",
                description = "Whether to wait until it is empty (the default).")
        private boolean wait;

        @Option(
                names = "--timeout",
                paramLabel = "TIME",
                defaultValue = "30m",
                description = "How long to wait (${DEFAULT-VALUE}); what was begun goes on after it.")
        private TimeSpan timeout;

        @Override
        public Integer call() {
            Request request = Request.post("/api/hosts", host, "drain");
            if (dryRun.isWanted()) {
                return preview(call(request.with("dryRun", true)));
            }
            JsonNode begun = call(request);
            JsonNode view = wait ? awaitEmpty() : begun;
            output().data(view, () -> {
                int left = Json.read(view, HostView.class).vms();
                return host + " is in maintenance and has " + (left == 0 ? "no" : left)
                        + " VMs; end that with: virtugrid" + " host resume " + host;
            });
            return done();
        }

        private JsonNode awaitEmpty() {
            long deadline = System.nanoTime() + timeout.duration().toNanos();
            try (Progress progress = session().progress()) {
                while (true) {
                    JsonNode view = find(call(Request.get("/api/hosts")));
                    int left = view.path("vms").asInt(0);
                    if (left == 0) {
                        return view;
                    }
                    if (System.nanoTime() > deadline) {
                        throw CliException.failed(host + " still has " + left + " VMs after "
                                + TimeSpan.human(timeout.duration().toSeconds())
                                + "; it goes on, look with: virtugrid events --since 10m");
                    }
                    progress.stage(host + " still has " + left + " VMs");
                    Pause.millis(300);
                }
            }
        }

        private JsonNode find(JsonNode hosts) {
            for (JsonNode one : hosts) {
                if (one.path("name").asString("").equals(host)) {
                    return one;
                }
            }
            throw CliException.failed("host " + host + " is not known any more");
        }
    }

    @Command(name = "resume", description = "End a host's maintenance; what has left does not come back by itself.")
    static final class Resume extends Action {
        @Parameters(paramLabel = "HOST", description = "Name of the host.")
        private String host;

        @Override
        public Integer call() {
            JsonNode view = call(Request.post("/api/hosts", host, "resume"));
            output().data(view, () -> host + " takes VMs again");
            return done();
        }
    }

    private HostCommand() {}

    private static String table(JsonNode hosts) {
        Table table = new Table("NAME", "STATE", "DRIVER", "VIRTUALIZATION", "ISOLATION", "VMS", "URI");
        for (HostView host : Json.read(hosts, HostView[].class)) {
            table.row(
                    host.name(),
                    host.state()
                            + (host.maintenance() ? ", maintenance" : "")
                            + (host.detail() == null ? "" : ": " + host.detail()),
                    host.driver(),
                    host.virtualization(),
                    host.isolation(),
                    host.vms(),
                    host.uri());
        }
        return table.toString();
    }
}
