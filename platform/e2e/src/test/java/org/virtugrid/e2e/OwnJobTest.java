package org.virtugrid.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.virtugrid.e2e.harness.Commands;
import org.virtugrid.e2e.harness.Grid;
import org.virtugrid.e2e.harness.Result;
import org.virtugrid.e2e.harness.Texts;
import org.virtugrid.e2e.harness.WithGrid;
import tools.jackson.databind.JsonNode;

/** Users' own jobs: the one of docs/guide/own-job.md, and one that behaves badly. */
@WithGrid(value = WithGrid.Kind.OWN, workers = 2)
@Order(50)
class OwnJobTest {
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final String BAD =
            """
            package example;

            import org.virtugrid.jobs.api.*;

            public final class Bad implements Job<Integer> {
                public String name() { return "bad"; }
                private void in(String method, JobContext context) {
                    while (context.parameters().text("loops-in", "").equals(method)) { }
                    if (context.parameters().text("throws-in", "").equals(method)) { throw new IllegalStateException("bang"); }
                }
                public Integer create(JobContext context) { return 0; }
                public Integer fold(JobContext context, Integer all, Records records) {
                    in("fold", context);
                    while (records.next()) { all++; }
                    return all;
                }
                public Integer reduce(JobContext context, Integer a, Integer b) { return a + b; }
                public JobResult finish(JobContext context, Integer all) {
                    in("finish", context);
                    return new JobResult(all);
                }
            }
            """;

    private final Grid grid;

    OwnJobTest(Grid grid) {
        this.grid = grid;
    }

    @BeforeAll
    static void install(Grid grid) throws IOException {
        Path folder = Files.createTempDirectory(grid.scratch(), "own jobs");
        String guide = Files.readString(Grid.INSTALL.resolve("docs/guide/own-job.md"));
        Matcher program = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(guide);
        assertThat(program.find()).isTrue();
        Path longest = Files.writeString(folder.resolve("LongestLine.java"), program.group(1));
        Path bad = Files.writeString(folder.resolve("Bad.java"), BAD);
        Path classes = folder.resolve("classes");
        Path services = classes.resolve("META-INF/services/org.virtugrid.jobs.api.Job");
        Files.createDirectories(services.getParent());
        Files.writeString(services, "example.LongestLine\nexample.Bad\n");
        String api = Commands.shell("ls \"$1\"/jobs/target/virtugrid-jobs-[0-9]*.jar | grep -v sources", Grid.INSTALL)
                .strip();
        Path bin = Path.of(System.getProperty("java.home"), "bin");
        run(
                bin.resolve("javac").toString(),
                "--release",
                "17",
                "-cp",
                api,
                "-d",
                classes.toString(),
                longest.toString(),
                bad.toString());
        Path jobs = Files.createDirectories(grid.home().resolve("jobs"));
        Files.writeString(jobs.resolve("broken.jar"), "not a jar");
        run(
                bin.resolve("jar").toString(),
                "--create",
                "--file",
                jobs.resolve("example.jar").toString(),
                "-C",
                classes.toString(),
                ".");
        grid.down();
        grid.up();
        grid.awaitReady(DEADLINE);
        grid.put("words", Texts.dictionary());
    }

    private static void run(String... command) {
        Commands.run(List.of(command), Map.of(), null, null, DEADLINE).expect(0);
    }

    @Test
    void the_job_of_the_guide_runs() throws IOException {
        int longest = Files.readAllLines(Texts.dictionary(), StandardCharsets.UTF_8).stream()
                .mapToInt(line -> line.getBytes(StandardCharsets.UTF_8).length)
                .max()
                .orElseThrow();
        assertThat(grid.process("longest-line", "words").asInt(0)).isEqualTo(longest);
        assertThat(grid.inline("longest-line", "[\"a\", \"abc\"]").asInt(0)).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fold", "finish"})
    void an_error_in_a_job_ends_its_task_and_says_where(String method) {
        Result result = grid.virtugrid(
                "run", "process", "--operation", "bad", "--dataset", "words", "--param", "throws-in=" + method);
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("example.Bad failed: java.lang.IllegalStateException: bang at example.Bad.in(Bad.java:");
        JsonNode newest = grid.rest("/api/tasks?limit=1").path(0);
        assertThat(newest.path("attempts").asInt(0)).as("%s", newest).isEqualTo(1);
    }

    @Test
    void a_job_that_is_not_there_is_told_with_the_file_that_cannot_be_read() {
        grid.virtugrid("run", "process", "--operation", "worse", "--input", "[1]")
                .refused(2, "broken.jar: is not a jar");
    }

    /** More of them than there are threads for jobs, so that the ones after them would find none. */
    @ParameterizedTest
    @ValueSource(strings = {"fold", "finish"})
    void jobs_that_do_not_stop_are_cancelled_and_are_in_nobodys_way(String method) {
        for (int i = 0; i < 6; i++) {
            String id = grid.detached("bad", "words", "--param", "loops-in=" + method);
            await("the task runs").atMost(DEADLINE).until(() -> grid.rest("/api/tasks/" + id)
                    .path("state")
                    .asString("")
                    .equals("RUNNING"));
            grid.virtugrid("task", "cancel", id).expect(0);
            assertThat(grid.awaitTask(id, DEADLINE).path("state").asString("")).isEqualTo("CANCELLED");
        }
        await("health tells of it")
                .atMost(DEADLINE)
                .until(() -> grid.rest("/api/vms").toString().contains("WARNING"));
        assertThat(grid.process("bad", "words").asLong(0))
                .isEqualTo(Long.parseLong(
                        Commands.shell("wc -l <\"$1\"", Texts.dictionary()).strip()));

        for (JsonNode vm : grid.rest("/api/vms")) {
            grid.virtugrid("vm", "restart", vm.path("name").asString("")).expect(0);
            grid.awaitReady(DEADLINE);
        }
        await("nothing is left of them")
                .atMost(DEADLINE)
                .until(() -> !grid.rest("/api/vms").toString().contains("WARNING"));
    }
}
