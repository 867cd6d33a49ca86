package org.virtugrid.control.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.virtugrid.api.GpuView;
import org.virtugrid.api.HostView;
import org.virtugrid.control.coordinator.HostService;

/** The machines that VMs live on. */
@RestController
@RequestMapping("/api/hosts")
@Tag(name = "Hosts")
public class HostController {
    private final HostService hosts;

    HostController(HostService hosts) {
        this.hosts = hosts;
    }

    @Operation(summary = "All hosts, whether they answer, and how they run guests")
    @GetMapping
    List<HostView> list() {
        return hosts.hosts();
    }

    @Operation(summary = "The GPUs of all hosts, what goes with them, and which VMs have them")
    @GetMapping("/gpus")
    List<GpuView> gpus() {
        return hosts.gpus();
    }

    @Operation(
            summary =
                    "Begin a host's maintenance: its VMs go elsewhere (202); with dryRun only say what that means (200)")
    @PostMapping("/{name}/drain")
    ResponseEntity<Object> drain(@PathVariable String name, @RequestParam(defaultValue = "false") boolean dryRun) {
        Inputs.name("host", name);
        return dryRun
                ? ResponseEntity.ok(hosts.previewDrain(name))
                : ResponseEntity.accepted().body(hosts.drain(name));
    }

    @Operation(summary = "End a host's maintenance")
    @PostMapping("/{name}/resume")
    HostView resume(@PathVariable String name) {
        Inputs.name("host", name);
        return hosts.resume(name);
    }
}
