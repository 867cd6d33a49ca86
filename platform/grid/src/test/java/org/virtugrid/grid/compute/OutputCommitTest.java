package org.virtugrid.grid.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.ignite.Ignite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.virtugrid.grid.TestGrid;
import org.virtugrid.grid.dataset.DatasetInfo;
import org.virtugrid.grid.dataset.DatasetUpload;
import org.virtugrid.grid.dataset.OutputWriter;
import org.virtugrid.grid.dataset.PartitionStrategy;
import org.virtugrid.grid.dataset.TaskOutputs;
import org.virtugrid.grid.dataset.UploadOptions;

/** A leader that is lost at each point between "the result is decided" and "the task has succeeded". */
class OutputCommitTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final byte[] CONTENT = "a\nb\n".getBytes(StandardCharsets.UTF_8);

    @TempDir
    static Path folder;

    private static TestGrid grid;
    private static TaskOutputs outputs;

    @BeforeAll
    static void start() throws IOException {
        grid = new TestGrid(folder, 2);
        outputs = new TaskOutputs(grid.control(), Clock.systemUTC());
        stored("before");
        stored("after");
        assertThat(outputs.publish("out-after", "after")).isTrue();
        stored("deleted");
        grid.services().datasets().delete("out-deleted");
        List.of("before", "after", "deleted").forEach(OutputCommitTest::loseLeader);
    }

    @AfterAll
    static void stop() {
        grid.close();
    }

    /** Stores the whole output of a task that nobody leads any more. */
    private static void stored(String task) {
        Ignite worker = grid.workers().get(0);
        DatasetInfo output = outputs.begin("out-" + task, task, PartitionStrategy.LINES, 1);
        OutputWriter writer = new OutputWriter(worker, output, 0, -1);
        writer.write(CONTENT, 0, CONTENT.length);
        outputs.complete(output, new ArrayList<>(writer.store()));
    }

    /** Leaves a decided task whose leader is gone, for the workers to find. */
    private static void loseLeader(String id) {
        UUID gone = UUID.randomUUID();
        TaskSpec spec = new TaskSpec("process", "sort", Map.of(), "in", null, "out-" + id);
        TaskRecord task = TaskTransitions.queued(id, spec, 1_000);
        task = TaskTransitions.claimed(task, null, gone, "gone", 2_000);
        task = TaskTransitions.publishing(task, 1, gone, "{\"chunks\":1}", "out-" + id);
        new TaskStore(grid.control()).add(List.of(task));
    }

    private static TaskRecord ended(String id) {
        return grid.services().tasks().await(id, DEADLINE);
    }

    private static byte[] read(String dataset) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        grid.services().datasets().read(dataset, out);
        return out.toByteArray();
    }

    @Test
    void anOutputThatWasNotPublishedIsPublishedByTheNextLeader() throws IOException {
        TaskRecord task = ended("before");
        assertThat(task.state()).isEqualTo(TaskState.SUCCEEDED);
        assertThat(task.attempt()).isEqualTo(2);
        assertThat(task.resultJson()).isEqualTo("{\"chunks\":1}");
        assertThat(read("out-before")).isEqualTo(CONTENT);
    }

    @Test
    void anOutputThatWasPublishedStays() throws IOException {
        TaskRecord task = ended("after");
        assertThat(task.state()).isEqualTo(TaskState.SUCCEEDED);
        assertThat(read("out-after")).isEqualTo(CONTENT);
    }

    @Test
    void anUploadThatTookTheNameMeanwhileIsLeftAlone() throws IOException {
        DatasetInfo output = outputs.begin("out-taken", "taken", PartitionStrategy.LINES, 1);
        grid.services().datasets().delete("out-taken");
        try (DatasetUpload upload = grid.services().datasets().create(upload("out-taken"))) {
            upload.write(CONTENT, 0, CONTENT.length);
            outputs.complete(output, List.of());
            assertThat(outputs.publish("out-taken", "taken")).isFalse();
            upload.commit();
        }
        assertThat(read("out-taken")).isEqualTo(CONTENT);
    }

    @Test
    void aTaskHoldsTheNameOfItsOutput() {
        outputs.begin("out-held", "holder", PartitionStrategy.LINES, 1);

        assertThatThrownBy(() -> grid.services().datasets().create(upload("out-held")))
                .hasMessageContaining("unfinished dataset out-held: task holder is making it");
        assertThatThrownBy(() -> outputs.begin("out-held", "other", PartitionStrategy.LINES, 1))
                .hasMessageContaining("task holder is making it");
        TaskSpec spec = new TaskSpec("process", "count", Map.of(), null, "[1]", "out-held");
        assertThatThrownBy(() -> grid.services().tasks().submit(spec)).hasMessageContaining("task holder is making it");
        TaskSpec reader = new TaskSpec("process", "count", Map.of(), "out-held", null, null);
        assertThatThrownBy(() -> grid.services().tasks().submit(reader))
                .hasMessageContaining("dataset out-held is not complete");
        assertThatThrownBy(() -> grid.services().datasets().resume("out-held"))
                .hasMessageContaining("no unfinished upload");
        assertThat(outputs.begin("out-held", "holder", PartitionStrategy.LINES, 1)
                        .producedBy())
                .isEqualTo("holder");
    }

    @Test
    void aTaskThatIsCancelledOrGivenUpBetweenAttemptsGivesTheNameBack() {
        long hour = System.currentTimeMillis() + Duration.ofHours(1).toMillis();
        UUID gone = UUID.randomUUID();
        TaskSpec spec = new TaskSpec("process", "sort", Map.of(), "in", null, "out-put-back");
        TaskRecord putBack =
                TaskTransitions.claimed(TaskTransitions.queued("put-back", spec, 1_000), null, gone, "gone", 2_000);
        putBack = TaskTransitions.postponed(putBack, 1, gone, "gone", "no worker", hour);
        TaskSpec other = new TaskSpec("process", "sort", Map.of(), "in", null, "out-given-up");
        TaskRecord givenUp = TaskTransitions.queued("given-up", other, 1_000);
        for (int attempt = 1; attempt <= TaskTransitions.MOST_ATTEMPTS; attempt++) {
            UUID next = UUID.randomUUID();
            givenUp = TaskTransitions.claimed(givenUp, gone, next, "gone", 2_000);
            gone = next;
        }
        outputs.begin("out-put-back", "put-back", PartitionStrategy.LINES, 1);
        outputs.begin("out-given-up", "given-up", PartitionStrategy.LINES, 1);
        new TaskStore(grid.control()).add(List.of(putBack, givenUp));

        assertThat(grid.services().tasks().cancel("put-back").state()).isEqualTo(TaskState.CANCELLED);
        assertThat(grid.services().datasets().find("out-put-back")).isEmpty();
        assertThat(ended("given-up").state()).isEqualTo(TaskState.FAILED);
        await("its name is free")
                .atMost(DEADLINE)
                .until(() -> grid.services().datasets().find("out-given-up").isEmpty());
    }

    private static UploadOptions upload(String name) {
        return new UploadOptions(name, PartitionStrategy.LINES, 4096, 1, 1, (byte) ' ', null);
    }

    @Test
    void anOutputThatWasDeletedMeanwhileFailsTheTask() {
        TaskRecord task = ended("deleted");
        assertThat(task.state()).isEqualTo(TaskState.FAILED);
        assertThat(task.error()).contains("out-deleted was removed");
        assertThat(grid.services().datasets().find("out-deleted")).isEmpty();
    }
}
