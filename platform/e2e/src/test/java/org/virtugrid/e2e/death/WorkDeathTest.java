package org.virtugrid.e2e.death;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.virtugrid.e2e.harness.Commands;
import org.virtugrid.e2e.harness.Grid;
import org.virtugrid.e2e.harness.Proc;
import org.virtugrid.e2e.harness.WithGrid;
import tools.jackson.databind.JsonNode;

/** Work whose worker dies: a sort, whose next leader takes over what was dealt and sorted, and tasks that a caller waits for. */
@WithGrid(value = WithGrid.Kind.OWN, memory = "512MiB")
@Order(901)
class WorkDeathTest {
    private static final Duration DEADLINE = Duration.ofMinutes(4);
    private static final String LINES =
            "for i in $(seq 1 24); do awk -v i=$i '{ print (NR * 7919 * i) % 1000003, $0 }' /usr/share/dict/words;"
                    + " done > \"$1\"";

    private static final int BATCH = 300;
    private static final int MOST_LISTED = 10_000;

    private final Grid grid;

    WorkDeathTest(Grid grid) {
        this.grid = grid;
    }

    @AfterEach
    void whole() {
        grid.awaitReady(DEADLINE);
    }

    @Test
    void aSortWhoseLeaderDiesKeepsEveryLine() throws Exception {
        Path input = grid.scratch().resolve("lines to sort");
        Path output = grid.scratch().resolve("lines that were sorted");
        Commands.shell(LINES, input);
        grid.put("unsorted-victim", input);
        String id = grid.detached("sort", "unsorted-victim", "--save-as", "sorted-victim");
        await("lines are dealt")
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> grid.rest("/api/tasks/" + id).path("progress").asDouble(0) > 0.1);
        JsonNode task = grid.rest("/api/tasks/" + id);
        String leader = task.path("vmIds").path(0).asString("");
        Proc.signal("KILL", grid.workerPids().get(leader));

        JsonNode ended = grid.awaitTask(id, DEADLINE);
        assertThat(ended.path("state").asString("")).as("%s", ended).isEqualTo("SUCCEEDED");
        assertThat(ended.path("attempts").asInt(0)).isEqualTo(2);
        grid.virtugrid("dataset", "get", "sorted-victim", output.toString()).expect(0);
        assertThat(Commands.shell("LC_ALL=C sort \"$1\" | cmp - \"$2\" && echo same", input, output)
                        .trim())
                .isEqualTo("same");
        grid.virtugrid("dataset", "delete", "unsorted-victim", "--yes").expect(0);
        grid.virtugrid("dataset", "delete", "sorted-victim", "--yes").expect(0);
    }

    @Test
    void tasksThatACallerWaitsForEndOnceThoughAWorkerDies() throws Exception {
        JsonNode before = grid.rest("/api/super-vm/status").path("tasks");
        AtomicInteger batches = new AtomicInteger();
        AtomicBoolean enough = new AtomicBoolean();
        Map<String, Long> answered = new ConcurrentHashMap<>();
        CompletableFuture<Void> caller = CompletableFuture.runAsync(() -> {
            while (!enough.get()) {
                answered.putAll(sums(batches.get()));
                batches.incrementAndGet();
            }
        });
        awaitBatches(caller, batches, 3);
        String victim = grid.workerPids().keySet().iterator().next();
        long pid = grid.workerPids().get(victim);
        Proc.signal("KILL", pid);
        await("another stands in its place").atMost(DEADLINE).until(() -> {
            Long now = grid.workerPids().get(victim);
            return now != null && now != pid;
        });
        grid.awaitReady(DEADLINE);
        awaitBatches(caller, batches, batches.get() + 3);
        enough.set(true);
        caller.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);

        assertThat(answered).hasSize(batches.get() * BATCH);
        for (JsonNode task : grid.rest("/api/tasks?type=process&limit=" + MOST_LISTED)) {
            Long result = answered.get(task.path("taskId").asString(""));
            assertThat(result == null || result == task.path("result").asLong(-1))
                    .as("%s", task)
                    .isTrue();
        }
        JsonNode after = grid.rest("/api/super-vm/status").path("tasks");
        assertThat(after.path("succeeded").asLong(-1) - before.path("succeeded").asLong(-1))
                .as("tasks that ended: each of the answered ones once, and no other")
                .isEqualTo(answered.size());
        assertThat(after.path("queued").asLong(-1)
                        + after.path("running").asLong(-1)
                        + after.path("failed").asLong(-1))
                .isZero();
    }

    private static void awaitBatches(CompletableFuture<Void> caller, AtomicInteger batches, int count) {
        await("batches are answered").atMost(DEADLINE).until(() -> caller.isDone() || batches.get() >= count);
        assertThat(
                        caller.isDone()
                                ? caller.handle((nothing, failure) -> failure).join()
                                : null)
                .as("what ended the caller")
                .isNull();
    }

    /** The results of some tasks by their ids; each must have succeeded. */
    private Map<String, Long> sums(int batch) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < BATCH; i++) {
            lines.append("{\"operation\":\"sum\",\"inputData\":[")
                    .append(batch * BATCH)
                    .append(',')
                    .append(i)
                    .append("]}\n");
        }
        JsonNode tasks = grid.submitAndWait(lines.toString());
        assertThat(tasks).hasSize(BATCH);
        Map<String, Long> results = new HashMap<>();
        for (int i = 0; i < BATCH; i++) {
            JsonNode task = tasks.path(i);
            assertThat(task.path("state").asString("")).as("%s", task).isEqualTo("SUCCEEDED");
            assertThat(task.path("result").asLong(-1)).isEqualTo(batch * BATCH + i);
            results.put(task.path("taskId").asString(""), task.path("result").asLong(-1));
        }
        return results;
    }
}
