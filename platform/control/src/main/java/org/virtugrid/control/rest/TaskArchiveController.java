package org.virtugrid.control.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.virtugrid.grid.compute.ArchivedTask;
import org.virtugrid.grid.compute.Tasks;
import org.virtugrid.grid.fault.GridException;
import tools.jackson.databind.json.JsonMapper;

/** Tasks on their way into a backup and out of one. */
@RestController
@RequestMapping("/api/tasks/archive")
@Tag(name = "Backup")
public class TaskArchiveController {
    private static final int MOST = 1000;

    private final Tasks tasks;
    private final JsonMapper json;

    TaskArchiveController(Tasks tasks, JsonMapper json) {
        this.tasks = tasks;
        this.json = json;
    }

    @Operation(summary = "All tasks with their inputs and results, a line of JSON each; a last line with their number")
    @GetMapping
    void read(HttpServletResponse response) throws IOException {
        response.setContentType(MediaType.APPLICATION_NDJSON_VALUE);
        long[] count = {0};
        try (OutputStream out = new BufferedOutputStream(response.getOutputStream(), 1 << 16)) {
            tasks.archive(task -> {
                try {
                    out.write(json.writeValueAsBytes(task));
                    out.write('\n');
                    count[0]++;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            // Without it a stream that broke off would look like a whole one
            out.write(json.writeValueAsBytes(Map.of("tasks", count[0])));
            out.write('\n');
        }
    }

    @Operation(summary = "Store tasks of a backup, at most 1000; those that are there stay as they are")
    @PostMapping
    Map<String, Integer> write(@RequestBody List<ArchivedTask> archived) {
        if (archived.size() > MOST || archived.stream().anyMatch(Objects::isNull)) {
            throw GridException.invalid(
                    "body", "there are " + archived.size() + " tasks, or an empty one", "send at most " + MOST);
        }
        tasks.restore(archived);
        return Map.of("tasks", archived.size());
    }
}
