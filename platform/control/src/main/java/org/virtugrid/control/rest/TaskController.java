package org.virtugrid.control.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.virtugrid.api.ProcessRequest;
import org.virtugrid.api.TaskView;
import org.virtugrid.grid.compute.TaskQuery;
import org.virtugrid.grid.compute.TaskRecord;
import org.virtugrid.grid.compute.TaskSpec;
import org.virtugrid.grid.compute.TaskState;
import org.virtugrid.grid.compute.Tasks;
import org.virtugrid.grid.fault.GridException;

/** Tasks: what runs, what ran, and how it went. */
@RestController
@RequestMapping("/api/tasks")
@Tag(name = "Tasks")
public class TaskController {
    private static final int MOST_LISTED = 10_000;
    private static final int MOST_AWAITED = 1_000;
    private static final Duration PROGRESS_EVERY = Duration.ofMillis(500);

    private final Tasks tasks;
    private final TaskViews views;
    private final ProcessRequestReader reader;
    private final EventStreams streams;
    private final Clock clock;
    private final Lane waits = new Lane("waiting calls", 24);

    TaskController(Tasks tasks, TaskViews views, ProcessRequestReader reader, EventStreams streams, Clock clock) {
        this.tasks = tasks;
        this.views = views;
        this.reader = reader;
        this.streams = streams;
        this.clock = clock;
    }

    /**
     * The tasks that were accepted, in the order they were given.
     *
     * @param tasks how they are after the wait; null without one
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Accepted(List<String> taskIds, List<TaskView> tasks) {}

    @Operation(summary = "Tasks, the newest first, without long results")
    @GetMapping
    List<TaskView> list(
            @RequestParam(required = false) String state,
            @RequestParam(required = false) String type,
            @RequestParam(required = false) String search,
            @RequestParam(required = false) String from,
            @RequestParam(required = false) String to,
            @RequestParam(required = false) String limit) {
        return views.of(tasks.list(new TaskQuery(
                state(state),
                type,
                search,
                Inputs.instant("from", from, null, clock),
                Inputs.instant("to", to, null, clock),
                Inputs.whole("limit", limit, 100, 1, MOST_LISTED))));
    }

    @Operation(summary = "One task; with waitSeconds (0 to 30) answers when it has ended or the time is up")
    @GetMapping("/{id}")
    TaskView show(@PathVariable String id, @RequestParam(required = false) String waitSeconds) {
        int seconds = Inputs.whole("waitSeconds", waitSeconds, 0, 0, 30);
        TaskRecord task = find(id);
        if (seconds > 0 && !task.state().ended() && waits.tryEnter()) {
            try {
                task = tasks.await(id, Duration.ofSeconds(seconds));
            } finally {
                waits.leave();
            }
        }
        return views.of(task);
    }

    @Operation(
            summary = "Submit many tasks at once, as a JSON array or one JSON object a line (202); the first wrong one"
                    + " refuses the whole call; with waitSeconds (0 to 30, up to 1,000 tasks) answers with the tasks when all"
                    + " have ended or the time is up",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content = {
                                @Content(
                                        mediaType = "application/x-ndjson",
                                        schema = @Schema(implementation = ProcessRequest.class)),
                                @Content(
                                        mediaType = "application/json",
                                        schema = @Schema(implementation = ProcessRequest[].class))
                            }))
    @PostMapping(consumes = {"application/x-ndjson", MediaType.APPLICATION_JSON_VALUE})
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted submit(HttpServletRequest http, @RequestParam(required = false) String waitSeconds) throws IOException {
        int seconds = Inputs.whole("waitSeconds", waitSeconds, 0, 0, 30);
        boolean lines = http.getContentType().toLowerCase(Locale.ROOT).startsWith("application/x-ndjson");
        List<TaskSpec> specs =
                lines ? reader.readLines(http.getInputStream()) : reader.readArray(http.getInputStream());
        if (specs.isEmpty()) {
            throw GridException.invalid("body", "there is no task in the body", "send at least one");
        }
        if (seconds > 0 && specs.size() > MOST_AWAITED) {
            throw GridException.invalid(
                    "waitSeconds",
                    "only up to " + MOST_AWAITED + " tasks are waited for in one call, and there are " + specs.size(),
                    "send fewer, or leave waitSeconds out and ask for the tasks later");
        }
        if (seconds == 0 || !waits.tryEnter()) {
            return new Accepted(tasks.submitAll(specs), null);
        }
        try {
            List<TaskRecord> ended = tasks.runAll(specs, Duration.ofSeconds(seconds));
            return new Accepted(ended.stream().map(TaskRecord::id).toList(), views.of(ended));
        } finally {
            waits.leave();
        }
    }

    @Operation(summary = "Ask a task to stop; what has ended stays as it is")
    @PostMapping("/{id}/cancel")
    TaskView cancel(@PathVariable String id) {
        find(id);
        return views.of(tasks.cancel(id));
    }

    @Operation(summary = "Queue a task that failed or was cancelled once more")
    @PostMapping("/{id}/retry")
    TaskView retry(@PathVariable String id) {
        find(id);
        return views.of(tasks.retry(id));
    }

    @Operation(summary = "The task again and again until it has ended, as server-sent events named 'task'")
    @GetMapping(path = "/{id}/progress", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    void progress(@PathVariable String id, HttpServletResponse response) throws IOException {
        find(id);
        streams.run(response, stream -> {
            TaskView last = null;
            while (true) {
                TaskView now = views.of(find(id));
                if (!Objects.equals(now, last)) {
                    stream.send("task", now);
                    last = now;
                }
                if (TaskState.valueOf(now.state()).ended() || !stream.pause(PROGRESS_EVERY)) {
                    return;
                }
            }
        });
    }

    @Operation(summary = "Success rate and mean time by type, over the newest 10,000 tasks")
    @GetMapping("/summary")
    List<TaskSummary> summary() {
        return TaskSummary.of(tasks.list(new TaskQuery(null, null, null, null, null, MOST_LISTED)));
    }

    private TaskRecord find(String id) {
        return tasks.find(id)
                .orElseThrow(() -> GridException.notFound("task", Inputs.shortened(id), "see `virtugrid task list`"));
    }

    private static TaskState state(String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        return Arrays.stream(TaskState.values())
                .filter(state -> state.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> GridException.invalid(
                        "state",
                        "'" + Inputs.shortened(text) + "' is not a state of a task",
                        "use QUEUED, RUNNING, SUCCEEDED, FAILED or CANCELLED"));
    }
}
