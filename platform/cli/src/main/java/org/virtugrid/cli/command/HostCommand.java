package org.virtugrid.cli.command;

import org.virtugrid.api.HostView;
import org.virtugrid.cli.client.Request;
import org.virtugrid.cli.format.Json;
import org.virtugrid.cli.format.Table;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** Machines that VMs live on. */
@Command(
        name = "host",
        description = "Machines that VMs live on.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = HostCommand.ListHosts.class,
        footerHeading = "%nExample:%n",
        footer = "  virtugrid host list")
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

    private HostCommand() {}

    private static String table(JsonNode hosts) {
        Table table = new Table("NAME", "STATE", "DRIVER", "VIRTUALIZATION", "VMS", "URI");
        for (HostView host : Json.read(hosts, HostView[].class)) {
            table.row(
                    host.name(),
                    host.state() + (host.detail() == null ? "" : ": " + host.detail()),
                    host.driver(),
                    host.virtualization(),
                    host.vms(),
                    host.uri());
        }
        return table.toString();
    }
}
