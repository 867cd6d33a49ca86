package org.virtugrid.control.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.virtugrid.api.ProcessRequest;
import org.virtugrid.api.StatusView;
import org.virtugrid.api.TaskView;
import org.virtugrid.control.coordinator.Platform;
import org.virtugrid.control.coordinator.VmService;
import org.virtugrid.control.rest.problem.ProblemException;
import org.virtugrid.control.rest.problem.Problems;
import org.virtugrid.grid.compute.TaskRecord;
import org.virtugrid.grid.compute.Tasks;
import org.virtugrid.grid.fault.GridException;

/** The VMs as one machine: its state, its size, its use, and its work. */
@RestController
@RequestMapping("/api/super-vm")
@Tag(name = "Super VM")
public class SuperVmController {
    private final Platform platform;
    private final VmService vms;
    private final Tasks tasks;
    private final TaskViews views;
    private final ProcessRequestReader reader;
    private final WorkerScale scale;

    SuperVmController(
            Platform platform,
            VmService vms,
            Tasks tasks,
            TaskViews views,
            ProcessRequestReader reader,
            WorkerScale scale) {
        this.platform = platform;
        this.vms = vms;
        this.tasks = tasks;
        this.views = views;
        this.reader = reader;
        this.scale = scale;
    }

    /** Use of every VM now. */
    public record Metrics(List<VmMetrics> vms) {}

    /**
     * Use of one VM now; null where it is not measured.
     *
     * @param cpuUsage share of its own cpus, 0 to 1
     * @param memoryUsage bytes
     * @param networkUsage bytes per second
     * @param uptime seconds
     */
    public record VmMetrics(String vmId, Double cpuUsage, Long memoryUsage, Double networkUsage, Long uptime) {}

    /** How many workers there shall be. */
    public record Scale(Integer nodes) {}

    @Operation(summary = "The platform's state, resources, tasks and ports")
    @GetMapping("/status")
    StatusView status() {
        return platform.status();
    }

    @Operation(summary = "Total and free cpus, memory and GPUs of all READY VMs together")
    @GetMapping("/resources")
    StatusView.Resources resources() {
        return platform.status().resources();
    }

    @Operation(summary = "Use of every VM now")
    @GetMapping("/metrics")
    Metrics metrics() {
        return new Metrics(vms.list().stream()
                .map(vm -> new VmMetrics(
                        vm.id(), vm.cpuUsage(), vm.memoryUsedBytes(), vm.networkBytesPerSecond(), vm.uptimeSeconds()))
                .toList());
    }

    @Operation(
            summary = "Submit a data processing task (202)",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = "application/json",
                                            schema = @Schema(implementation = ProcessRequest.class))))
    @PostMapping("/process")
    ResponseEntity<TaskView> process(HttpServletRequest http) throws IOException {
        TaskRecord task = tasks.submit(reader.readOne(http.getInputStream()));
        return ResponseEntity.accepted()
                .location(URI.create("/api/tasks/" + task.id()))
                .body(views.of(task));
    }

    @Operation(summary = "Set the wanted number of workers; fewer destroys the newest that hold no last copy")
    @PostMapping("/scale")
    Object scale(@RequestBody Scale request, @RequestParam(defaultValue = "false") boolean dryRun) {
        if (request.nodes() == null) {
            throw GridException.invalid("nodes", "nodes is missing", "give the wanted number of workers");
        }
        return dryRun ? scale.preview(request.nodes()) : scale.to(request.nodes());
    }

    @Operation(summary = "Render a scene; not there yet (501)")
    @PostMapping("/render")
    TaskView render() {
        throw later("rendering");
    }

    @Operation(summary = "Run a browser flow; not there yet (501)")
    @PostMapping("/browser")
    TaskView browser() {
        throw later("browser automation");
    }

    @Operation(summary = "Synchronise files; not there yet (501)")
    @PostMapping("/sync")
    TaskView sync() {
        throw later("file synchronisation");
    }

    private static ProblemException later(String what) {
        return new ProblemException(Problems.notImplemented(
                what + " is not part of this version",
                "this version runs data processing: POST /api/super-vm/process"));
    }
}
