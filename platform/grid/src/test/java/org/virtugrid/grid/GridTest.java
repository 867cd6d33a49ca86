package org.virtugrid.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.ignite.Ignite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.virtugrid.grid.compute.TaskQuery;
import org.virtugrid.grid.compute.TaskRecord;
import org.virtugrid.grid.compute.TaskSpec;
import org.virtugrid.grid.compute.TaskState;
import org.virtugrid.grid.dataset.ChunkLocation;
import org.virtugrid.grid.dataset.DatasetInfo;
import org.virtugrid.grid.dataset.DatasetState;
import org.virtugrid.grid.dataset.DatasetUpload;
import org.virtugrid.grid.dataset.PartitionStrategy;
import org.virtugrid.grid.dataset.UploadOptions;
import org.virtugrid.grid.fault.GridException;

/** Datasets and tasks on a real grid of one control node and three workers. */
class GridTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    private static TestGrid grid;

    @BeforeAll
    static void start() throws IOException {
        grid = new TestGrid(folder, 3);
    }

    @AfterAll
    static void stop() {
        grid.close();
    }

    private static UploadOptions options(String name, PartitionStrategy strategy, int chunkSize) {
        return new UploadOptions(name, strategy, chunkSize, 1, 2, (byte) ' ', null);
    }

    private static DatasetInfo put(String name, PartitionStrategy strategy, int chunkSize, byte[] bytes) {
        try (DatasetUpload upload = grid.services().datasets().create(options(name, strategy, chunkSize))) {
            for (int at = 0; at < bytes.length; at += 10_000) {
                upload.write(bytes, at, Math.min(10_000, bytes.length - at));
            }
            return upload.commit();
        }
    }

    private static byte[] get(String name) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        grid.services().datasets().read(name, out);
        return out.toByteArray();
    }

    private static byte[] text(long seed, int lines) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            int words = random.nextInt(12);
            for (int w = 0; w < words; w++) {
                text.append(w == 0 ? "" : " ").append(Long.toString(random.nextInt(5000), 36));
            }
            if (i < lines - 1 || random.nextBoolean()) {
                text.append('\n');
            }
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static TaskRecord run(String operation, Map<String, String> parameters, String dataset, String saveAs) {
        TaskRecord task =
                grid.services().tasks().submit(new TaskSpec("process", operation, parameters, dataset, null, saveAs));
        return grid.services().tasks().await(task.id(), DEADLINE);
    }

    @ParameterizedTest
    @EnumSource(PartitionStrategy.class)
    void what_was_put_comes_back_and_every_line_is_seen_once(PartitionStrategy strategy) throws IOException {
        byte[] bytes = text(strategy.name().hashCode(), 30_000);
        String name = "in-" + strategy.label();
        DatasetInfo info = put(name, strategy, 4096, bytes);
        assertThat(info.sizeBytes()).isEqualTo(bytes.length);
        assertThat(get(name)).isEqualTo(bytes);

        List<ChunkLocation> chunks = grid.services().datasets().chunks(name);
        assertThat(chunks)
                .allSatisfy(chunk -> assertThat(chunk.vmIds()).hasSize(2).doesNotHaveDuplicates());
        assertThat(chunks.stream().mapToLong(ChunkLocation::sizeBytes).sum()).isEqualTo(bytes.length);

        TaskRecord count = run("count", Map.of(), name, null);
        assertThat(count.error()).isNull();
        String all = new String(bytes, StandardCharsets.UTF_8);
        long lines = all.lines().count();
        assertThat(count.resultJson()).isEqualTo(Long.toString(lines));

        TaskRecord words = run("word-count", Map.of("top", "1"), name, null);
        long total =
                Arrays.stream(all.split("\\s+")).filter(word -> !word.isEmpty()).count();
        assertThat(words.resultJson()).contains("\"total\":" + total);

        TaskRecord sorted = run("sort", Map.of(), name, name + "-sorted");
        assertThat(sorted.error()).isNull();
        List<String> expected = new ArrayList<>(all.lines().toList());
        expected.sort(null);
        assertThat(new String(get(name + "-sorted"), StandardCharsets.UTF_8))
                .isEqualTo(String.join("\n", expected) + "\n");

        TaskRecord filtered = run("filter", Map.of("pattern", "^a"), name, name + "-filtered");
        assertThat(filtered.error()).isNull();
        StringBuilder kept = new StringBuilder();
        all.lines().filter(line -> line.startsWith("a")).forEach(line -> kept.append(line)
                .append('\n'));
        assertThat(new String(get(name + "-filtered"), StandardCharsets.UTF_8)).isEqualTo(kept.toString());

        TaskRecord check = check(name, false);
        assertThat(check.resultJson()).contains("\"consistent\":true").contains("\"different\":0");
        assertThat(grid.services().datasets().delete(name)).isTrue();
        assertThat(grid.services().datasets().find(name)).isEmpty();
    }

    private static TaskRecord check(String name, boolean repair) {
        TaskRecord task = grid.services()
                .tasks()
                .submit(new TaskSpec("check", repair ? "repair" : "check", Map.of(), name, null, null));
        return grid.services().tasks().await(task.id(), DEADLINE);
    }

    @Test
    void inline_values_are_processed() {
        TaskRecord task =
                grid.services().tasks().submit(new TaskSpec("process", "sort", Map.of(), null, "[3, 1, 2.50]", null));
        TaskRecord ended = grid.services().tasks().await(task.id(), DEADLINE);
        assertThat(ended.resultJson()).startsWith("[1,2.5").endsWith(",3]");
        assertThat(ended.state()).isEqualTo(TaskState.SUCCEEDED);
        assertThat(ended.vmIds()).hasSize(1);
    }

    @Test
    void many_small_tasks_each_leave_a_record() {
        List<TaskSpec> specs = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            specs.add(new TaskSpec("process", "sum", Map.of(), null, "[" + i + ",1]", null));
        }
        List<String> ids = grid.services().tasks().submitAll(specs);
        for (int i = 0; i < ids.size(); i++) {
            TaskRecord task = grid.services().tasks().await(ids.get(i), DEADLINE);
            assertThat(task.resultJson()).isEqualTo(Integer.toString(i + 1));
        }
        assertThat(grid.services().tasks().list(new TaskQuery(TaskState.SUCCEEDED, "process", null, null, null, 50)))
                .hasSize(50);
    }

    @Test
    void tasks_that_a_caller_waits_for_are_answered_and_leave_the_same_records() {
        List<TaskSpec> specs = new ArrayList<>();
        for (int i = 0; i < 700; i++) {
            specs.add(new TaskSpec("process", "sum", Map.of(), null, "[" + i + ",1]", null));
        }
        specs.add(new TaskSpec("process", "sum", Map.of(), null, "[\"no number\"]", null));
        specs.add(new TaskSpec("process", "filter", Map.of("pattern", "^a"), null, "[\"ab\",\"b\"]", null));
        List<TaskRecord> answered = grid.services().tasks().runAll(specs, DEADLINE);
        assertThat(answered).hasSize(702);
        for (int i = 0; i < 700; i++) {
            TaskRecord task = answered.get(i);
            assertThat(task.resultJson()).isEqualTo(Integer.toString(i + 1));
            assertThat(task.attempt()).isEqualTo(1);
            assertThat(task.vmIds()).hasSize(1);
            assertThat(task.history())
                    .extracting(TaskRecord.Step::event)
                    .containsExactly("QUEUED", "STARTED", "SUCCEEDED");
            assertThat(grid.services().tasks().find(task.id()))
                    .hasValueSatisfying(stored ->
                            assertThat(stored).usingRecursiveComparison().isEqualTo(task));
        }
        assertThat(answered.get(700).state()).isEqualTo(TaskState.FAILED);
        assertThat(answered.get(700).error()).contains("no number");
        assertThat(answered.get(701).resultJson()).isEqualTo("{\"lines\":2,\"matched\":1}");
    }

    @Test
    void lists_have_no_input_and_no_long_result() {
        String input = "[\"" + "a".repeat(3000) + "\",\"" + "b".repeat(3000) + "\"]";
        List<TaskRecord> answered = grid.services()
                .tasks()
                .runAll(
                        List.of(
                                new TaskSpec("process", "sort", Map.of(), null, input, null),
                                new TaskSpec("process", "count", Map.of(), null, input, null)),
                        DEADLINE);
        assertThat(answered.get(0).resultJson()).isEqualTo(input);
        Map<String, TaskRecord> listed = new HashMap<>();
        grid.services()
                .tasks()
                .list(new TaskQuery(null, null, null, null, null, 50))
                .forEach(task -> listed.put(task.id(), task));
        assertThat(listed.get(answered.get(0).id()).resultJson()).isNull();
        assertThat(listed.get(answered.get(0).id()).inputJson()).isNull();
        assertThat(listed.get(answered.get(0).id()).history()).hasSize(3);
        assertThat(listed.get(answered.get(1).id()).resultJson()).isEqualTo("2");
        assertThat(listed.get(answered.get(1).id()).inputJson()).isNull();
    }

    @Test
    void wrong_input_is_refused_before_anything_is_stored() {
        assertThatThrownBy(() -> run("sum", Map.of(), "no-such-dataset", null))
                .isInstanceOfSatisfying(
                        GridException.class, e -> assertThat(e.kind()).isEqualTo(GridException.Kind.NOT_FOUND));
        assertThatThrownBy(() -> run("nonsense", Map.of(), "x", null))
                .isInstanceOfSatisfying(
                        GridException.class, e -> assertThat(e.field()).isEqualTo("operation"));
        assertThatThrownBy(() -> put("../etc", PartitionStrategy.SIZE, 4096, new byte[0]))
                .isInstanceOf(GridException.class);
        assertThatThrownBy(() -> put("x", PartitionStrategy.SIZE, 1, new byte[0]))
                .isInstanceOf(GridException.class);
    }

    @Test
    void an_upload_that_broke_off_is_resumed() throws IOException {
        byte[] bytes = text(7, 200_000);
        for (PartitionStrategy strategy : PartitionStrategy.values()) {
            String name = "broken-" + strategy.label();
            try (DatasetUpload upload = grid.services().datasets().create(options(name, strategy, 4096))) {
                upload.write(bytes, 0, bytes.length / 2);
            }
            assertThat(grid.services().datasets().find(name))
                    .hasValueSatisfying(info -> assertThat(info.state()).isEqualTo(DatasetState.UPLOADING));
            try (DatasetUpload upload = grid.services().datasets().resume(name)) {
                int from = (int) upload.receivedBytes();
                upload.write(bytes, from, bytes.length - from);
                upload.commit();
            }
            assertThat(get(name)).isEqualTo(bytes);
            grid.services().datasets().delete(name);
        }
    }

    @Test
    void a_damaged_copy_is_found_and_mended() throws IOException {
        byte[] bytes = text(11, 20_000);
        put("damaged", PartitionStrategy.SIZE, 4096, bytes);
        DatasetInfo info = grid.services().datasets().find("damaged").orElseThrow();
        Ignite backup = Damage.oneBackupOf(grid.workers(), info.cacheName(), 0L);
        Damage.overwriteLocally(backup, info.cacheName(), 0L, "not what was put".getBytes(StandardCharsets.UTF_8));

        TaskRecord found = check("damaged", false);
        assertThat(found.resultJson()).contains("\"different\":1").contains("\"consistent\":false");
        TaskRecord mended = check("damaged", true);
        assertThat(mended.resultJson()).contains("\"repaired\":1").contains("\"consistent\":true");
        assertThat(check("damaged", false).resultJson()).contains("\"different\":0");
        assertThat(get("damaged")).isEqualTo(bytes);
    }

    @Test
    void empty_and_odd_inputs_work() throws IOException {
        for (PartitionStrategy strategy : PartitionStrategy.values()) {
            String name = "empty-" + strategy.label();
            put(name, strategy, 4096, new byte[0]);
            assertThat(get(name)).isEmpty();
            assertThat(run("count", Map.of(), name, null).resultJson()).isEqualTo("0");
            assertThat(run("sort", Map.of(), name, name + "-sorted").error()).isNull();
            assertThat(get(name + "-sorted")).isEmpty();
        }
        byte[] longLine = new byte[9 << 20];
        Arrays.fill(longLine, (byte) 'x');
        longLine[longLine.length - 100] = '\n';
        for (PartitionStrategy strategy : List.of(PartitionStrategy.SIZE, PartitionStrategy.LINES)) {
            String name = "long-" + strategy.label();
            put(name, strategy, 1 << 20, longLine);
            assertThat(get(name)).isEqualTo(longLine);
            TaskRecord count = run("count", Map.of(), name, null);
            assertThat(count.error()).isNull();
            assertThat(count.resultJson()).isEqualTo("2");
        }
    }

    @Test
    void copies_are_complete_and_two_workers_together_hold_sole_copies() {
        put("held", PartitionStrategy.ROUND_ROBIN, 4096, text(5, 10_000));
        assertThat(grid.services().copies().complete()).isTrue();
        var first = grid.workers().get(0).cluster().localNode().id();
        var second = grid.workers().get(1).cluster().localNode().id();
        assertThat(grid.services().copies().soleHoldings(java.util.Set.of(first)))
                .isEmpty();
        assertThat(grid.services().copies().soleHoldings(java.util.Set.of(first, second)))
                .anySatisfy(holding -> assertThat(holding.what()).isEqualTo("dataset held"));
    }
}
