package org.virtugrid.control.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.virtugrid.api.ChunkView;
import org.virtugrid.api.DatasetView;
import org.virtugrid.api.TaskView;
import org.virtugrid.grid.compute.TaskRecord;
import org.virtugrid.grid.compute.TaskSpec;
import org.virtugrid.grid.compute.Tasks;
import org.virtugrid.grid.dataset.DatasetInfo;
import org.virtugrid.grid.dataset.DatasetState;
import org.virtugrid.grid.dataset.Datasets;
import org.virtugrid.grid.fault.GridException;

/** Datasets: what is stored, where every copy lies, and the bytes again. */
@RestController
@RequestMapping("/api/datasets")
@Tag(name = "Datasets")
public class DatasetController {
    private final Datasets datasets;
    private final DatasetViews views;
    private final Tasks tasks;
    private final TaskViews taskViews;
    private final Lane downloads = new Lane("downloads", 16);

    DatasetController(Datasets datasets, DatasetViews views, Tasks tasks, TaskViews taskViews) {
        this.datasets = datasets;
        this.views = views;
        this.tasks = tasks;
        this.taskViews = taskViews;
    }

    @Operation(summary = "All datasets, unfinished uploads included")
    @GetMapping
    List<DatasetView> list() {
        return datasets.list().stream().map(views::of).toList();
    }

    @Operation(summary = "One dataset")
    @GetMapping("/{id}")
    DatasetView show(@PathVariable String id) {
        return views.of(find(id));
    }

    @Operation(summary = "Delete a dataset or an unfinished upload and free its space")
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable String id) {
        if (!datasets.delete(Inputs.name("datasetId", id))) {
            throw unknown(id);
        }
    }

    @Operation(
            summary = "The dataset's bytes, with their SHA-256 as ETag and Repr-Digest",
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            content =
                                    @Content(
                                            mediaType = "application/octet-stream",
                                            schema = @Schema(type = "string", format = "binary"))))
    @GetMapping("/{id}/content")
    void content(@PathVariable String id, HttpServletRequest request, HttpServletResponse response) throws IOException {
        DatasetInfo info = find(id);
        requireComplete(info);
        response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
        response.setContentLengthLong(info.sizeBytes());
        response.setHeader(HttpHeaders.ETAG, "\"" + info.sha256() + "\"");
        String base64 = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(info.sha256()));
        response.setHeader("Repr-Digest", "sha-256=:" + base64 + ":");
        if (request.getMethod().equals("GET")) {
            downloads.enter();
            try {
                datasets.read(id, response.getOutputStream());
            } finally {
                downloads.leave();
            }
        }
    }

    @Operation(summary = "Where every copy of every chunk lies now")
    @GetMapping("/{id}/chunks")
    List<ChunkView> chunks(@PathVariable String id) {
        find(id);
        return datasets.chunks(id).stream()
                .map(chunk -> DatasetViews.of(id, chunk))
                .toList();
    }

    @Operation(summary = "Compare every copy of every chunk, and mend what differs (202; the task's result tells)")
    @PostMapping("/{id}/check")
    ResponseEntity<TaskView> check(@PathVariable String id, @RequestParam(defaultValue = "false") boolean repair) {
        find(id);
        TaskRecord task = tasks.submit(new TaskSpec("check", repair ? "repair" : "check", Map.of(), id, null, null));
        return ResponseEntity.accepted()
                .location(URI.create("/api/tasks/" + task.id()))
                .body(taskViews.of(task));
    }

    private DatasetInfo find(String id) {
        return datasets.find(Inputs.name("datasetId", id)).orElseThrow(() -> unknown(id));
    }

    private void requireComplete(DatasetInfo info) {
        if (info.state() == DatasetState.UPLOADING) {
            throw new GridException(
                    GridException.Kind.CONFLICT,
                    null,
                    "the upload of '" + info.name() + "' is not complete",
                    "resume it, or put the dataset again");
        }
        if (info.state() == DatasetState.LOSSY) {
            List<Integer> lost = datasets.lostChunks(info.name());
            throw GridException.unavailable(
                    "no copy is left of " + (lost.size() < 1000 ? "" : "at least ") + lost.size() + " chunks of '"
                            + info.name() + "'",
                    "bring the stopped VMs back; GET /api/datasets/" + info.name() + " lists the chunks");
        }
    }

    private static GridException unknown(String id) {
        return GridException.notFound("dataset", id, "see `virtugrid dataset list`");
    }
}
