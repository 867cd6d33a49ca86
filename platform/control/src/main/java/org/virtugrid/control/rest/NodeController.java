package org.virtugrid.control.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.virtugrid.api.NodeView;
import org.virtugrid.grid.fault.GridException;

/** The members of the grid. A node is named by its id or by the id of its VM. */
@RestController
@RequestMapping("/api/nodes")
@Tag(name = "Nodes")
public class NodeController {
    private final NodeDirectory nodes;

    NodeController(NodeDirectory nodes) {
        this.nodes = nodes;
    }

    @Operation(summary = "All members of the grid with their load")
    @GetMapping
    List<NodeView> list() {
        return nodes.list();
    }

    @Operation(summary = "One member of the grid")
    @GetMapping("/{id}")
    NodeView show(@PathVariable String id) {
        return nodes.list().stream()
                .filter(node -> id.equals(node.id()) || id.equals(node.vmId()))
                .findFirst()
                .orElseThrow(() -> GridException.notFound(
                        "node", Inputs.shortened(id), "GET /api/nodes lists those that are there"));
    }
}
