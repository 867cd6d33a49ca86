package org.virtugrid.control.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.virtugrid.api.Migration;
import org.virtugrid.api.VmActionResult;
import org.virtugrid.api.VmActions;
import org.virtugrid.api.VmCreate;
import org.virtugrid.api.VmView;
import org.virtugrid.control.coordinator.HostService;
import org.virtugrid.control.coordinator.VmService;
import org.virtugrid.grid.fault.GridException;

/** The platform's VMs. A VM is named by its id or name. */
@RestController
@RequestMapping("/api/vms")
@Tag(name = "VMs")
public class VmController {
    private static final List<String> ACTIONS = List.of("start", "stop", "restart", "destroy");
    private static final int MOST_ENTRIES = 1000;

    private final VmService vms;

    private final HostService hosts;

    VmController(VmService vms, HostService hosts) {
        this.vms = vms;
        this.hosts = hosts;
    }

    @Operation(summary = "All VMs with their live use")
    @GetMapping
    List<VmView> list() {
        return vms.list();
    }

    @Operation(summary = "One VM")
    @GetMapping("/{id}")
    VmView show(@PathVariable String id) {
        return vms.find(id);
    }

    @Operation(summary = "Define and start a VM (202); the same name with the same sizes changes nothing")
    @PostMapping
    ResponseEntity<VmView> create(@RequestBody VmCreate request) {
        Inputs.name("name", request.name());
        atLeast("cpus", request.cpus() == null ? 0 : request.cpus());
        atLeast("memoryBytes", Objects.requireNonNullElse(request.memoryBytes(), 0L));
        atLeast("diskBytes", Objects.requireNonNullElse(request.diskBytes(), 0L));
        VmView vm = vms.create(request);
        return ResponseEntity.accepted()
                .location(URI.create("/api/vms/" + vm.id()))
                .body(vm);
    }

    @Operation(summary = "Destroy a VM and its disk; refused (409) while it holds the last copy of anything")
    @DeleteMapping("/{id}")
    VmActionResult destroy(@PathVariable String id, @RequestParam(defaultValue = "false") boolean wait) {
        String vmId = vms.find(id).id();
        return vms.act(new VmActions("destroy", List.of(vmId), List.of(), false), wait)
                .get(0);
    }

    @Operation(summary = "Bring a VM to another host; refused (409) while it holds the last copy of anything")
    @PostMapping("/{id}/migrate")
    Object migrate(
            @PathVariable String id,
            @RequestBody Migration request,
            @RequestParam(defaultValue = "false") boolean wait,
            @RequestParam(defaultValue = "false") boolean dryRun) {
        Inputs.name("host", request.host());
        return dryRun ? hosts.previewMigrate(id, request.host()) : hosts.migrate(id, request.host(), wait);
    }

    @Operation(
            summary = "Start, stop, restart or destroy several VMs; refused (409) as a whole if data would be lost;"
                    + " with dryRun only say what that means")
    @PostMapping("/actions")
    Object act(
            @RequestBody VmActions request,
            @RequestParam(defaultValue = "false") boolean wait,
            @RequestParam(defaultValue = "false") boolean dryRun) {
        if (request.action() == null || !ACTIONS.contains(request.action())) {
            throw GridException.invalid(
                    "action",
                    "'" + Inputs.shortened(request.action()) + "' is not an action",
                    "use one of " + String.join(", ", ACTIONS));
        }
        List<String> ids = Objects.requireNonNullElse(request.ids(), List.of());
        List<String> labels = Objects.requireNonNullElse(request.labels(), List.of());
        bounded("ids", ids);
        bounded("labels", labels);
        if (ids.isEmpty() && labels.isEmpty() && !request.all()) {
            throw GridException.invalid("ids", "no VM is named", "give ids, labels or all");
        }
        VmActions wanted = new VmActions(request.action(), ids, labels, request.all());
        return dryRun ? vms.preview(wanted) : vms.act(wanted, wait);
    }

    private static void atLeast(String field, long value) {
        if (value < 0) {
            throw GridException.invalid(field, field + " is negative", "leave it out for the default");
        }
    }

    private static void bounded(String field, List<String> entries) {
        if (entries.size() > MOST_ENTRIES || entries.stream().anyMatch(Objects::isNull)) {
            throw GridException.invalid(
                    field, field + " has an empty entry or more than " + MOST_ENTRIES, "name fewer VMs, or use all");
        }
    }
}
