package org.virtugrid.control.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.virtugrid.api.DatasetView;
import org.virtugrid.api.UploadView;
import org.virtugrid.control.coordinator.VmService;
import org.virtugrid.control.rest.problem.ProblemException;
import org.virtugrid.control.rest.problem.Problems;
import org.virtugrid.grid.dataset.DatasetInfo;
import org.virtugrid.grid.dataset.DatasetState;
import org.virtugrid.grid.dataset.DatasetUpload;
import org.virtugrid.grid.dataset.Datasets;
import org.virtugrid.grid.dataset.UploadOptions;
import org.virtugrid.grid.fault.GridException;

/**
 * Bytes on their way into a dataset. They pass through one buffer straight from the connection into the grid. A client
 * that breaks off leaves an upload that can be resumed; any error of ours or the grid's leaves nothing.
 */
@RestController
@RequestMapping("/api/datasets/{id}")
@Tag(name = "Datasets")
public class UploadController {
    private static final Logger LOG = LoggerFactory.getLogger(UploadController.class);
    private static final int BUFFER_BYTES = 256 << 10;
    private static final long CHECK_SPACE_EVERY_BYTES = 64L << 20;
    private static final int BROKEN = -2;

    private final Datasets datasets;
    private final DatasetViews views;
    private final VmService vms;
    private final FreeSpace space;
    private final DatasetDefaults defaults;
    private final Lane lane = new Lane("uploads", 8);
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    UploadController(Datasets datasets, DatasetViews views, VmService vms, FreeSpace space, DatasetDefaults defaults) {
        this.datasets = datasets;
        this.views = views;
        this.vms = vms;
        this.space = space;
        this.defaults = defaults;
    }

    @Operation(
            summary = "Store the body as a dataset (201; 200 when the same bytes are there already, 409 when others"
                    + " are)",
            description =
                    "Of any size, streamed. With offset and prefixSha256 it continues an upload that broke off; both"
                            + " come from GET …/upload. column and delimiter belong to strategy key.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = "application/octet-stream",
                                            schema = @Schema(type = "string", format = "binary"))))
    @Parameter(name = "strategy", in = ParameterIn.QUERY, description = "size, lines, round-robin or key")
    @Parameter(name = "chunkSize", in = ParameterIn.QUERY, description = "bytes, 4096 to 16777216; 1048576 if absent")
    @Parameter(name = "backups", in = ParameterIn.QUERY, description = "0 to 3, fewer than workers; 1 if absent")
    @Parameter(name = "column", in = ParameterIn.QUERY, description = "key: the column, from 1")
    @Parameter(name = "delimiter", in = ParameterIn.QUERY, description = "key: tab, comma, … or one character")
    @Parameter(name = "offset", in = ParameterIn.QUERY, description = "resume: bytes that are stored already")
    @Parameter(name = "prefixSha256", in = ParameterIn.QUERY, description = "resume: SHA-256 of those bytes")
    @PutMapping
    ResponseEntity<DatasetView> put(
            @PathVariable String id,
            @Parameter(hidden = true) @RequestParam Map<String, String> query,
            HttpServletRequest http)
            throws IOException {
        UploadRequest request = new UploadRequest(id, query);
        lane.enter();
        try {
            if (!underWay.add(id)) {
                throw new GridException(
                        GridException.Kind.CONFLICT,
                        "datasetId",
                        "an upload of '" + id + "' is under way",
                        "wait until it has ended, or use another name");
            }
            try {
                return store(request, id, http);
            } finally {
                underWay.remove(id);
            }
        } finally {
            lane.leave();
        }
    }

    @Operation(summary = "How far an upload that broke off has come")
    @GetMapping("/upload")
    UploadView upload(@PathVariable String id) {
        Datasets.PartialUpload partial = datasets.partial(Inputs.name("datasetId", id));
        DatasetInfo info = partial.info();
        return new UploadView(
                info.name(),
                info.strategy().label(),
                info.chunkSizeBytes(),
                info.backups(),
                partial.receivedBytes(),
                partial.prefixSha256());
    }

    private ResponseEntity<DatasetView> store(UploadRequest request, String name, HttpServletRequest http)
            throws IOException {
        String before = datasets.find(name)
                .filter(info -> info.state() != DatasetState.UPLOADING)
                .map(DatasetInfo::uid)
                .orElse(null);
        DatasetInfo stored = copy(open(request, name, http.getContentLengthLong()), name, http);
        HttpStatus status = stored.uid().equals(before) ? HttpStatus.OK : HttpStatus.CREATED;
        return ResponseEntity.status(status).body(views.of(stored));
    }

    private DatasetUpload open(UploadRequest request, String name, long announcedBytes) {
        if (request.resumes()) {
            Datasets.PartialUpload partial = datasets.partial(name);
            request.checkContinues(partial.info(), partial.receivedBytes(), partial.prefixSha256());
            space.require(Math.max(announcedBytes, 0) * (partial.info().backups() + 1));
            return datasets.resume(name);
        }
        UploadOptions options = request.options(vms.list().size(), defaults.backups());
        space.require(Math.max(announcedBytes, 0) * (options.backups() + 1));
        return datasets.create(options);
    }

    private DatasetInfo copy(DatasetUpload upload, String name, HttpServletRequest http) throws IOException {
        boolean resumable = false;
        boolean done = false;
        try {
            InputStream body = http.getInputStream();
            byte[] buffer = new byte[BUFFER_BYTES];
            long announced = http.getContentLengthLong();
            long taken = 0;
            long checked = 0;
            while (true) {
                int count = read(body, buffer);
                if (count == BROKEN || (count < 0 && taken < announced)) {
                    resumable = true;
                    LOG.info("the upload of '{}' broke off after {} bytes of this request", name, taken);
                    throw new ProblemException(Problems.invalid(
                            "body", "the body ended before its announced length", "resume the upload"));
                }
                if (count < 0) {
                    break;
                }
                upload.write(buffer, 0, count);
                taken += count;
                if (taken - checked >= CHECK_SPACE_EVERY_BYTES) {
                    space.require(0);
                    checked = taken;
                }
            }
            DatasetInfo info = upload.commit();
            done = true;
            return info;
        } finally {
            end(upload, name, done || resumable);
        }
    }

    /** Bytes read, -1 at the end, {@link #BROKEN} when the client is gone or silent for too long. */
    private static int read(InputStream body, byte[] buffer) {
        try {
            return body.read(buffer);
        } catch (IOException e) {
            LOG.debug("reading the body failed", e);
            return BROKEN;
        }
    }

    private static void end(DatasetUpload upload, String name, boolean keep) {
        try (upload) {
            if (!keep) {
                upload.abort();
            }
        } catch (GridException e) {
            LOG.warn("the upload of '{}' could not be ended cleanly", name, e);
        }
    }
}
