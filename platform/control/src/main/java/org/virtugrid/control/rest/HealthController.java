package org.virtugrid.control.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.virtugrid.control.coordinator.Platform;

/** The one open path. */
@RestController
@Tag(name = "Platform")
public class HealthController {
    private final Platform platform;

    HealthController(Platform platform) {
        this.platform = platform;
    }

    /** That the control process answers, and the platform's state; nothing else. */
    public record Health(String status, String state) {}

    @Operation(summary = "Whether the control process answers; wants no token")
    @SecurityRequirements
    @GetMapping("/api/health")
    Health health() {
        return new Health("UP", platform.status().state());
    }
}
