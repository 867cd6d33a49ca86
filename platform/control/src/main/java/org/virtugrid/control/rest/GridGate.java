package org.virtugrid.control.rest;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import org.springframework.web.servlet.HandlerInterceptor;
import org.virtugrid.api.StatusView;
import org.virtugrid.control.coordinator.Platform;
import org.virtugrid.grid.fault.GridException;

/** Lets calls that need the grid through only when it is there; else they learn how far it has come. */
final class GridGate implements HandlerInterceptor {
    private final Platform platform;

    GridGate(Platform platform) {
        this.platform = platform;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (platform.gridReady()) {
            return true;
        }
        StatusView status = platform.status();
        String stage = Objects.requireNonNullElse(status.stage(), Objects.requireNonNullElse(status.reason(), ""));
        throw GridException.unavailable(
                "the grid is not ready" + (stage.isEmpty() ? "" : ": " + stage),
                "try again shortly; GET /api/super-vm/status tells how far it is");
    }
}
