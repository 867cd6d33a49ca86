package org.virtugrid.control.rest.doctor;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.virtugrid.api.CheckItem;

/** What is wrong, and how to mend it. */
@RestController
@Tag(name = "Platform")
public class DoctorController {
    private static final Logger LOG = LoggerFactory.getLogger(DoctorController.class);

    private final List<DoctorCheck> checks;

    DoctorController(List<DoctorCheck> checks) {
        this.checks = checks;
    }

    @Operation(summary = "What the control process sees of the platform's health")
    @GetMapping("/api/doctor")
    List<CheckItem> doctor() {
        return checks.stream().map(DoctorController::run).toList();
    }

    private static CheckItem run(DoctorCheck check) {
        try {
            return check.check();
        } catch (Exception e) {
            LOG.warn("a check of doctor failed", e);
            return new CheckItem(
                    "doctor", false, "a check failed: " + e.getMessage(), "see logs/control.log in the home");
        }
    }
}
