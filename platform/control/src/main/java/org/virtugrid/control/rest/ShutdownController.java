package org.virtugrid.control.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.virtugrid.control.coordinator.Platform;

/** The way down. */
@RestController
@Tag(name = "Platform")
public class ShutdownController {
    private final Platform platform;

    ShutdownController(Platform platform) {
        this.platform = platform;
    }

    /** That the way down has begun. */
    public record Stopping(String state) {}

    @Operation(
            summary = "Stop everything gracefully (202); all data stays, unless destroy=true, which destroys all VMs")
    @PostMapping("/api/shutdown")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Stopping shutDown(@RequestParam(defaultValue = "false") boolean destroy) {
        platform.shutDown(destroy);
        return new Stopping("STOPPING");
    }
}
