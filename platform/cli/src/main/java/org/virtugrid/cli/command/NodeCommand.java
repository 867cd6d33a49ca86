package org.virtugrid.cli.command;

import java.util.List;
import org.virtugrid.api.NodeView;
import org.virtugrid.cli.client.Request;
import org.virtugrid.cli.format.Json;
import org.virtugrid.cli.format.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Members of the grid. */
@Command(
        name = "node",
        description = "Members of the grid: list, load.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {NodeCommand.ListNodes.class, NodeCommand.Load.class},
        footerHeading = "%nExamples:%n",
        footer = {"  virtugrid node list", "  virtugrid node load w1"})
final class NodeCommand {

    @Command(name = "list", description = "List the members of the grid.")
    static final class ListNodes extends Action {
        @Override
        public Integer call() {
            JsonNode nodes = call(Request.get("/api/nodes"));
            output().data(nodes, () -> table(nodes));
            return done();
        }
    }

    @Command(name = "load", description = "Show how busy one or all of them are.")
    static final class Load extends Action {
        @Parameters(arity = "0..1", paramLabel = "ID", description = "Id of a node, or id or name of its VM.")
        private String id;

        @Override
        public Integer call() {
            JsonNode nodes = id == null
                    ? call(Request.get("/api/nodes"))
                    : Json.toTree(List.of(call(Request.get("/api/nodes", id))));
            output().data(nodes, () -> table(nodes));
            return done();
        }
    }

    private NodeCommand() {}

    private static String table(JsonNode nodes) {
        Table table = new Table("ID", "VM", "ROLE", "HOST", "CPU", "MEMORY", "LOAD", "QUEUE");
        for (NodeView node : Json.read(nodes, NodeView[].class)) {
            table.row(
                    node.id(),
                    node.vmId(),
                    node.role(),
                    node.host(),
                    VmCommand.percent(node.cpuUsage()),
                    VmCommand.size(node.memoryUsedBytes()),
                    VmCommand.percent(node.load()),
                    node.queueDepth());
        }
        return table.toString();
    }
}
