package org.virtugrid.control.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.virtugrid.api.SnapshotCreate;
import org.virtugrid.api.SnapshotView;
import org.virtugrid.api.VmActionResult;
import org.virtugrid.control.coordinator.SnapshotService;

/** Snapshots of VMs' disks. A VM is named by its id or name. */
@RestController
@RequestMapping("/api/vms/{id}/snapshots")
@Tag(name = "VMs")
public class SnapshotController {
    private final SnapshotService snapshots;

    SnapshotController(SnapshotService snapshots) {
        this.snapshots = snapshots;
    }

    @Operation(summary = "A VM's snapshots, oldest first, and whether it can go back to them")
    @GetMapping
    List<SnapshotView> list(@PathVariable String id) {
        return snapshots.list(id);
    }

    @Operation(summary = "Take a snapshot of a READY VM's disk; one of that name that is there stays")
    @PostMapping
    ResponseEntity<SnapshotView> create(
            @PathVariable String id, @RequestBody(required = false) SnapshotCreate request) {
        String name = request == null || request.name() == null ? null : Inputs.name("name", request.name());
        SnapshotView taken = snapshots.create(id, name);
        return ResponseEntity.created(URI.create("/api/vms/" + taken.vmId() + "/snapshots/" + taken.name()))
                .body(taken);
    }

    @Operation(
            summary = "Set a VM's disk back and start it again; refused (409) while it holds the last copy of anything")
    @PostMapping("/{name}/revert")
    VmActionResult revert(
            @PathVariable String id, @PathVariable String name, @RequestParam(defaultValue = "false") boolean wait) {
        return snapshots.revert(id, name, wait);
    }

    @Operation(summary = "Remove a snapshot")
    @DeleteMapping("/{name}")
    VmActionResult delete(@PathVariable String id, @PathVariable String name) {
        return snapshots.delete(id, name);
    }
}
