package org.virtugrid.cli.command;

import java.util.Arrays;
import java.util.List;
import org.virtugrid.api.VmCreate;
import org.virtugrid.api.VmState;
import org.virtugrid.api.VmView;
import org.virtugrid.cli.client.Request;
import org.virtugrid.cli.console.Pause;
import org.virtugrid.cli.console.Progress;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.format.ByteSize;
import org.virtugrid.cli.format.Json;
import org.virtugrid.cli.format.Table;
import org.virtugrid.cli.format.TimeSpan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Virtual machines. */
@Command(
        name = "vm",
        description = "Virtual machines: list, show, create, start, stop, restart, destroy, migrate, snapshot.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            VmCommand.ListVms.class,
            VmCommand.Show.class,
            VmCommand.Create.class,
            VmActionCommand.Start.class,
            VmActionCommand.Stop.class,
            VmActionCommand.Restart.class,
            VmActionCommand.Destroy.class,
            VmMigrateCommand.class,
            SnapshotCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {"  virtugrid vm list", "  virtugrid vm restart w2", "  virtugrid vm destroy --label team=a --yes"})
final class VmCommand {

    @Command(name = "list", description = "List all VMs with their state and live use.")
    static final class ListVms extends Action {
        @Override
        public Integer call() {
            JsonNode vms = call(Request.get("/api/vms"));
            output().data(vms, () -> table(Arrays.asList(Json.read(vms, VmView[].class))));
            return done();
        }

        private static String table(List<VmView> vms) {
            if (vms.isEmpty()) {
                return "There are no VMs; make one with: virtugrid vm create NAME";
            }
            Table table = new Table(
                    "NAME", "ID", "STATE", "HEALTH", "PID", "CPUS", "CPU", "MEMORY", "USED", "DISK", "NETWORK", "TASKS",
                    "UPTIME", "LABELS");
            for (VmView vm : vms) {
                table.row(
                        vm.name(),
                        vm.id(),
                        vm.state(),
                        vm.health(),
                        vm.pid(),
                        vm.cpus(),
                        percent(vm.cpuUsage()),
                        ByteSize.human(vm.memoryBytes()),
                        size(vm.memoryUsedBytes()),
                        size(vm.diskUsedBytes()),
                        rate(vm.networkBytesPerSecond()),
                        vm.tasksCompleted(),
                        vm.uptimeSeconds() == null ? null : TimeSpan.human(vm.uptimeSeconds()),
                        labels(vm));
            }
            return table.toString();
        }
    }

    @Command(name = "show", description = "Show one VM.")
    static final class Show extends Action {
        @Parameters(paramLabel = "ID", description = "Id or name.")
        private String id;

        @Override
        public Integer call() {
            JsonNode vm = call(Request.get("/api/vms", id));
            output().data(vm, () -> details(Json.read(vm, VmView.class)));
            return done();
        }
    }

    @Command(
            name = "create",
            description = "Create a VM and start it; returns when it is READY.",
            footerHeading = "%nExamples:%n",
            footer = "  virtugrid vm create big --cpus 2 --memory 2GiB --disk 10GiB --label team=a")
    static final class Create extends Action {
        @Parameters(paramLabel = "NAME", description = "Letters, digits, '.', '_' and '-', at most 63.")
        private String name;

        @Option(names = "--cpus", paramLabel = "N", description = "Number of cpus.")
        private Integer cpus;

        @Option(names = "--memory", paramLabel = "SIZE", description = "Memory, such as 512MiB.")
        private ByteSize memory;

        @Option(names = "--disk", paramLabel = "SIZE", description = "Disk, such as 2GiB.")
        private ByteSize disk;

        @Option(names = "--label", paramLabel = "KEY=VALUE", description = "A label; may be given several times.")
        private List<String> labels = List.of();

        @Option(names = "--gpu", paramLabel = "ADDR", description = "A GPU to itself, one of: virtugrid host gpus")
        private String gpu;

        @Option(
                names = "--wait",
                negatable = true,
                defaultValue = "true",
                fallbackValue = "true",
                description = "Whether to wait until it is READY (the default).")
        private boolean wait;

        @Option(
                names = "--timeout",
                paramLabel = "TIME",
                defaultValue = "120s",
                description = "How long to wait (${DEFAULT-VALUE}).")
        private TimeSpan timeout;

        @Override
        public Integer call() {
            VmCreate body = new VmCreate(
                    Names.fresh("VM", name),
                    cpus,
                    memory == null ? null : memory.bytes(),
                    disk == null ? null : disk.bytes(),
                    Names.pairs("--label", labels),
                    gpu);
            JsonNode created = call(Request.post("/api/vms").body(Json.toTree(body)));
            boolean stopped = created.path("state").asString("").equals(VmState.STOPPED.name());
            if (stopped) {
                output().message(
                                "VM " + name + " is there already, stopped; start it with: virtugrid vm start " + name);
            }
            JsonNode vm = wait && !stopped ? awaitReady(created.path("id").asString(name)) : created;
            output().data(vm, () -> details(Json.read(vm, VmView.class)));
            return done();
        }

        private JsonNode awaitReady(String id) {
            long deadline = System.nanoTime() + timeout.duration().toNanos();
            try (Progress progress = session().progress()) {
                while (true) {
                    JsonNode vm = call(Request.get("/api/vms", id));
                    String state = vm.path("state").asString("");
                    if (state.equals(VmState.READY.name())) {
                        return vm;
                    }
                    if (System.nanoTime() > deadline) {
                        throw CliException.failed("VM " + name + " is " + state + " after "
                                + TimeSpan.human(timeout.duration().toSeconds())
                                + "; look with: virtugrid events --since 5m");
                    }
                    progress.stage("VM " + name + " is " + state);
                    Pause.millis(200);
                }
            }
        }
    }

    private VmCommand() {}

    static String details(VmView vm) {
        return new Table("", "")
                .row("name", vm.name())
                .row("id", vm.id())
                .row("state", vm.state())
                .row("health", vm.health())
                .row("driver", vm.driver())
                .row("host", vm.host())
                .row("acceleration", vm.acceleration())
                .row("address", vm.address())
                .row("pid", vm.pid())
                .row("node", vm.nodeId())
                .row("cpus", vm.cpus() + (vm.cpuUsage() == null ? "" : ", " + percent(vm.cpuUsage()) + " in use"))
                .row("memory", of(vm.memoryUsedBytes(), vm.memoryBytes()))
                .row("disk", of(vm.diskUsedBytes(), vm.diskBytes()))
                .row("network", rate(vm.networkBytesPerSecond()))
                .row("uptime", vm.uptimeSeconds() == null ? null : TimeSpan.human(vm.uptimeSeconds()))
                .row("tasks completed", vm.tasksCompleted())
                .row("labels", labels(vm))
                .toString();
    }

    static String percent(Double share) {
        return share == null ? null : Math.round(100 * share) + " %";
    }

    static String size(Long bytes) {
        return bytes == null ? null : ByteSize.human(bytes);
    }

    private static String rate(Double bytesPerSecond) {
        return bytesPerSecond == null ? null : ByteSize.human(bytesPerSecond) + "/s";
    }

    private static String of(Long used, long total) {
        return used == null ? ByteSize.human(total) : ByteSize.human(used) + " of " + ByteSize.human(total);
    }

    private static String labels(VmView vm) {
        if (vm.labels() == null || vm.labels().isEmpty()) {
            return "";
        }
        return String.join(
                ",",
                vm.labels().entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .toList());
    }
}
