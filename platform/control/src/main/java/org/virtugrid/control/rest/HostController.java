package org.virtugrid.control.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.virtugrid.api.HostView;
import org.virtugrid.control.coordinator.VmService;

/** The machines that VMs live on. */
@RestController
@RequestMapping("/api/hosts")
@Tag(name = "Hosts")
public class HostController {
    private final VmService vms;

    HostController(VmService vms) {
        this.vms = vms;
    }

    @Operation(summary = "All hosts, whether they answer, and how they run guests")
    @GetMapping
    List<HostView> list() {
        return vms.hosts();
    }
}
