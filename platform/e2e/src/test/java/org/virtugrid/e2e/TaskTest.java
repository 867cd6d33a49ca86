package org.virtugrid.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.virtugrid.e2e.harness.Commands;
import org.virtugrid.e2e.harness.Grid;
import org.virtugrid.e2e.harness.Json;
import org.virtugrid.e2e.harness.Result;
import org.virtugrid.e2e.harness.Texts;
import org.virtugrid.e2e.harness.WithGrid;
import tools.jackson.databind.JsonNode;

/** The life of tasks as their owner sees it. */
@WithGrid
@Order(22)
class TaskTest {
    private static final Duration LONG = Duration.ofMinutes(3);

    private final Grid grid;

    TaskTest(Grid grid) {
        this.grid = grid;
    }

    @Test
    void aTaskTellsItsWholeLife() {
        grid.put("task-words", Texts.dictionary());
        String id = grid.detached("word-count", "task-words", "--param", "top=3");
        JsonNode waited = grid.json("task", "wait", id);
        JsonNode shown = grid.json("task", "show", id);
        assertThat(shown).isEqualTo(waited);
        assertThat(shown.propertyNames())
                .contains(
                        "taskId",
                        "type",
                        "state",
                        "progress",
                        "attempts",
                        "vmIds",
                        "createdAt",
                        "startedAt",
                        "finishedAt",
                        "result",
                        "error");
        assertThat(shown.path("state").asString("")).isEqualTo("SUCCEEDED");
        assertThat(shown.path("progress").asDouble(0)).isEqualTo(1);
        assertThat(shown.path("attempts").asInt(0)).isEqualTo(1);
        assertThat(grid.workerPids().keySet())
                .contains(shown.path("vmIds").path(0).asString(""));
        List<String> events = new ArrayList<>();
        shown.path("history").forEach(step -> events.add(step.path("event").asString("")));
        assertThat(events).containsExactly("QUEUED", "STARTED", "SUCCEEDED");
        assertThat(shown.path("createdAt").asString(""))
                .isLessThanOrEqualTo(shown.path("startedAt").asString(""));
        assertThat(shown.path("startedAt").asString(""))
                .isLessThanOrEqualTo(shown.path("finishedAt").asString(""));
    }

    @Test
    void listsAreFilteredAndSearched() {
        grid.put("task-listed", Texts.dictionary());
        String counted = grid.detached("count", "task-listed");
        String failed = grid.detached("sum", "task-listed");
        grid.awaitTask(counted, LONG);
        assertThat(grid.awaitTask(failed, LONG).path("state").asString("")).isEqualTo("FAILED");
        grid.json("dataset", "check", "task-listed");

        assertThat(ids("--search", "task-listed")).contains(counted, failed).hasSize(3);
        assertThat(ids("--search", "task-listed", "--state", "failed")).containsExactly(failed);
        assertThat(ids("--search", "task-listed", "--type", "process")).containsExactlyInAnyOrder(counted, failed);
        assertThat(ids("--search", "task-listed", "--type", "check")).hasSize(1);
        assertThat(ids("--search", "task-listed", "--limit", "1")).hasSize(1);
        assertThat(ids("--search", counted)).containsExactly(counted);
        assertThat(ids("--search", "nothing has this in it")).isEmpty();
        assertThat(ids("--to", "1h", "--search", "task-listed")).isEmpty();
        assertThat(ids("--from", "1h", "--search", "task-listed")).hasSize(3);
        grid.virtugrid("task", "list", "--state", "nonsense").refused(2, "nonsense");
        grid.virtugrid("task", "list", "--limit", "0").refused(2, "limit");
        grid.virtugrid("task", "list", "--from", "nonsense").refused(2, "from");
        grid.virtugrid("task", "show", "not-there").refused(3, "not-there");
        grid.virtugrid("task", "wait", "not-there").refused(3, "not-there");
        grid.virtugrid("task", "cancel", "not-there").refused(3, "not-there");
        grid.virtugrid("task", "retry", "not-there").refused(3, "not-there");
        grid.virtugrid("task", "wait", failed).expect(1);
        grid.virtugrid("task", "cancel", counted).expect(1);
        grid.virtugrid("task", "retry", counted).refused(2, counted);
    }

    private List<String> ids(String... options) {
        List<String> command = new ArrayList<>(List.of("task", "list"));
        command.addAll(List.of(options));
        List<String> ids = new ArrayList<>();
        grid.json(command.toArray(String[]::new))
                .forEach(task -> ids.add(task.path("taskId").asString("")));
        return ids;
    }

    @Test
    void aCancelledTaskLeavesNothingAndCanBeRetried() {
        grid.put("task-large", Texts.large());
        String id = grid.detached("sort", "task-large", "--save-as", "task-large-sorted");
        JsonNode cancelled = grid.json("task", "cancel", id);
        assertThat(cancelled.path("state").asString("")).isEqualTo("CANCELLED");
        grid.virtugrid("task", "wait", id).expect(1);
        grid.virtugrid("dataset", "show", "task-large-sorted").refused(3, "task-large-sorted");

        JsonNode retried = grid.json("task", "retry", id, "--wait");
        assertThat(retried.path("state").asString("")).isEqualTo("SUCCEEDED");
        assertThat(retried.path("taskId").asString("")).isEqualTo(id);
        assertThat(retried.path("history").toString()).contains("CANCELLED", "RETRIED", "SUCCEEDED");
        Commands.shell("sort -c \"$1\"", grid.get("task-large-sorted"));
        grid.virtugrid("dataset", "delete", "task-large", "--yes").expect(0);
        grid.virtugrid("dataset", "delete", "task-large-sorted", "--yes").expect(0);
    }

    @Test
    void aLargeResultGoesIntoADataset() throws IOException {
        StringBuilder array = new StringBuilder("[300000");
        for (int i = 299_999; i >= 1; i--) {
            array.append(',').append(i);
        }
        Path file = Files.writeString(grid.scratch().resolve("large.json"), array.append(']'));
        JsonNode result = grid.inline("sort", "@" + file);
        assertThat(result.propertyNames()).contains("dataset", "sizeBytes");
        String dataset = result.path("dataset").asString("");
        JsonNode sorted = Json.parse(Files.readString(grid.get(dataset)));
        assertThat(sorted).hasSize(300_000);
        assertThat(sorted.path(0).asInt(0)).isEqualTo(1);
        assertThat(sorted.path(299_999).asInt(0)).isEqualTo(300_000);
    }

    @Test
    void manySmallTasksInOneCall() {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            body.append("{\"operation\":\"sum\",\"inputData\":[").append(i).append(",1]}\n");
        }
        JsonNode ids = grid.submit(body.toString());
        assertThat(ids).hasSize(500);
        for (int i : List.of(0, 250, 499)) {
            JsonNode task = grid.awaitTask(ids.path(i).asString(""), LONG);
            assertThat(task.path("result").asInt(-1)).isEqualTo(i + 1);
        }
    }

    @Test
    void progressIsToldWhileItRuns() {
        grid.put("task-followed", Texts.sources());
        String id = grid.detached("sort", "task-followed", "--save-as", "task-followed-sorted");
        String stream = grid.rest("GET", "/api/tasks/" + id + "/progress", null).body();
        assertThat(stream).contains("event:task", "\"state\":\"SUCCEEDED\"", "\"progress\":1");
        JsonNode status = grid.json("status");
        assertThat(status.path("tasks").path("succeeded").asLong(0)).isPositive();
        Result summary = grid.virtugrid("-o", "json", "task", "summary").expect(0);
        assertThat(summary.json().path(0).propertyNames()).contains("type", "total", "succeeded", "failed");
    }
}
