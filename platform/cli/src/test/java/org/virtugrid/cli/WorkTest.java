package org.virtugrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks, VMs and checks: waiting, results, refusals. */
class WorkTest {
    private static final String DONE =
            "{\"taskId\":\"t1\",\"type\":\"process\",\"operation\":\"word-count\",\"state\":\"SUCCEEDED\",\"progress\":1,"
                    + "\"attempts\":1,\"createdAt\":\"2026-01-01T00:00:00Z\",\"startedAt\":\"2026-01-01T00:00:00Z\","
                    + "\"finishedAt\":\"2026-01-01T00:00:02Z\",\"result\":{\"total\":3,\"distinct\":2,"
                    + "\"top\":[{\"word\":\"b\",\"count\":2},{\"word\":\"a\",\"count\":1}]}}";
    private static final String QUEUED = "{\"taskId\":\"t1\",\"type\":\"process\",\"state\":\"QUEUED\"}";

    private FakeGrid grid;

    @BeforeEach
    void startGrid() throws IOException {
        grid = new FakeGrid();
    }

    @AfterEach
    void stopGrid() {
        grid.close();
    }

    @Test
    void runWaitsForTheResultAlsoWhileTheGridIsAwayForAMoment() {
        AtomicInteger asked = new AtomicInteger();
        grid.on("POST /api/super-vm/process", 202, QUEUED);
        grid.on(
                "GET /api/tasks/t1",
                request -> asked.incrementAndGet() == 2
                        ? FakeGrid.Answer.json(503, "{\"type\":\"unavailable\"}")
                        : FakeGrid.Answer.json(200, asked.get() < 4 ? QUEUED : DONE));
        Run.Result result = Run.against(grid)
                .run("run", "process", "--operation", "word-count", "--dataset", "d", "--param", "top=2");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("SUCCEEDED in 2.0 s", "WORD  COUNT", "b         2", "distinct  2");
        assertThat(grid.asked().get(0).text())
                .isEqualTo("{\"inputData\":null,\"dataset\":\"d\",\"operation\":\"word-count\","
                        + "\"parameters\":{\"top\":\"2\"},\"saveAs\":null}");
    }

    @Test
    void inputComesFromTheCommandLineAFileOrStdinAndKeepsItsNumbers(@TempDir Path folder) throws IOException {
        grid.on("POST /api/super-vm/process", 202, DONE);
        String numbers = "[1,2.50,9007199254740993,1e400]";
        Path file = Files.writeString(folder.resolve("n.json"), numbers);
        for (String input : new String[] {numbers, "@" + file, "-"}) {
            Run.Result result = Run.against(grid)
                    .reading(numbers.getBytes(StandardCharsets.UTF_8))
                    .run("run", "process", "--operation", "sum", "--input", input, "--detach", "-o", "json");
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(grid.lastAsked().text()).contains("[1,2.50,9007199254740993,1E+400]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1,", "{\"a\":1}", "", "[1] [2]", "@/nonexistent"})
    void inputThatIsNoArrayIsWrong(String input) {
        assertThat(Run.against(grid)
                        .run("run", "process", "--operation", "sum", "--input", input)
                        .exitCode())
                .isEqualTo(2);
        assertThat(grid.asked()).isEmpty();
    }

    @Test
    void whatToProcessMustBeSaidOnce() {
        Run run = Run.against(grid);
        assertThat(run.run("run", "process", "--operation", "sum").exitCode()).isEqualTo(2);
        assertThat(run.run("run", "process", "--operation", "sum", "--dataset", "d", "--input", "[]")
                        .exitCode())
                .isEqualTo(2);
        assertThat(run.run("run", "process", "--operation", "sum", "--dataset", "d", "--param", "top")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void aTaskThatFailedIsExitCode1WithItsErrorOnStderrAndItsJsonOnStdout() {
        grid.on(
                "GET /api/tasks/t1",
                200,
                "{\"taskId\":\"t1\",\"type\":\"process\",\"state\":\"FAILED\",\"error\":\"line 7 is no number\"}");
        Run.Result result = Run.against(grid).run("-o", "json", "task", "wait", "t1");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.json().path("state").stringValue()).isEqualTo("FAILED");
        assertThat(result.err()).contains("line 7 is no number").hasLineCount(1);
        assertThat(Run.against(grid).run("task", "show", "t1").exitCode()).isZero();
    }

    @Test
    void waitGivesUpAfterItsTimeAndTheTaskGoesOn() {
        grid.on("GET /api/tasks/t1", 200, QUEUED);
        Run.Result result = Run.against(grid).run("task", "wait", "t1", "--timeout", "0s");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("still queued", "task watch t1");
    }

    @Test
    void cancelTellsWhenItCameTooLate() {
        grid.on("POST /api/tasks/t1/cancel", 200, DONE);
        Run.Result late = Run.against(grid).run("task", "cancel", "t1");
        assertThat(late.exitCode()).isEqualTo(1);
        grid.on("POST /api/tasks/t1/cancel", 200, "{\"taskId\":\"t1\",\"type\":\"process\",\"state\":\"CANCELLED\"}");
        assertThat(Run.against(grid).run("task", "cancel", "t1").exitCode()).isZero();
    }

    @Test
    void listPassesItsFiltersOn() {
        grid.on("GET /api/tasks", 200, "[]");
        assertThat(Run.against(grid)
                        .run("task", "list", "--state", "failed", "--search", "a b&c", "--limit", "5")
                        .exitCode())
                .isZero();
        assertThat(grid.lastAsked().query()).isEqualTo("state=FAILED&search=a%20b%26c&limit=5");
        assertThat(Run.against(grid).run("task", "list", "--state", "odd").exitCode())
                .isEqualTo(2);
        assertThat(Run.against(grid).run("task", "list", "--from", "odd").exitCode())
                .isEqualTo(2);
    }

    @Test
    void aCheckThatFindsSomethingIsExitCode1() {
        String check =
                "{\"chunks\":2,\"copies\":4,\"missing\":0,\"different\":1,\"lost\":0,\"repaired\":0,\"consistent\":";
        grid.on("POST /api/datasets/d/check", 202, done("check", check + "false}"));
        Run.Result bad = Run.against(grid).run("-o", "json", "dataset", "check", "d");
        assertThat(bad.exitCode()).isEqualTo(1);
        assertThat(bad.json().path("different").intValue()).isEqualTo(1);
        grid.on("POST /api/datasets/d/check", 202, done("check", check + "true}"));
        assertThat(Run.against(grid).run("dataset", "check", "d", "--repair").exitCode())
                .isZero();
        assertThat(grid.lastAsked().query()).isEqualTo("repair=true");
    }

    @Test
    void anActionOnVmsNamesThemOneWayAndTellsWhatWasRefused() {
        String answer =
                "[{\"id\":\"1\",\"name\":\"w1\",\"done\":%s,\"changed\":true,\"state\":\"STOPPED\",\"message\":\"m\"}]";
        grid.on("GET /api/vms", 200, "[{\"id\":\"1\",\"name\":\"w1\",\"labels\":{\"a\":\"b\"}}]");
        grid.on("POST /api/vms/actions", 200, String.format(Locale.ROOT, answer, "true"));
        assertThat(Run.against(grid).run("vm", "stop", "w1", "--wait").exitCode())
                .isZero();
        assertThat(grid.lastAsked().query()).isEqualTo("wait=true");
        assertThat(Run.against(grid).run("vm", "stop", "w1", "--no-wait").exitCode())
                .isZero();
        assertThat(grid.lastAsked().query()).isEqualTo("wait=false");
        assertThat(Run.against(grid).run("vm", "start").exitCode()).isEqualTo(2);
        assertThat(Run.against(grid).run("vm", "start", "w1", "--all").exitCode())
                .isEqualTo(2);
        Run.Result unasked = Run.against(grid).run("vm", "destroy", "--label", "a=b");
        assertThat(unasked.exitCode()).isEqualTo(2);
        assertThat(unasked.err()).contains("w1", "--yes");
        grid.on("POST /api/vms/actions", 409, "{\"type\":\"refused\",\"detail\":\"w1 holds the last copy of d\"}");
        Run.Result refused = Run.against(grid).run("vm", "destroy", "w1", "--yes");
        assertThat(refused.exitCode()).isEqualTo(4);
        assertThat(refused.err()).contains("last copy of d");
        grid.on("POST /api/vms/actions", 200, String.format(Locale.ROOT, answer, "false"));
        assertThat(Run.against(grid).run("vm", "restart", "w1").exitCode()).isEqualTo(4);
    }

    @Test
    void anActionThatTakesTooLongIsLeftToItselfWithItsState() {
        CountDownLatch ended = new CountDownLatch(1);
        grid.on("GET /api/vms", 200, "[{\"id\":\"1\",\"name\":\"w1\",\"state\":\"DRAINING\"}]");
        grid.on("POST /api/vms/actions", request -> {
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return FakeGrid.Answer.json(200, "[]");
        });
        Run.Result result = Run.against(grid).run("vm", "stop", "w1", "--timeout", "0s");
        ended.countDown();
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("w1 DRAINING", "it goes on");
    }

    @Test
    void createSendsSizesInBytesAndWaitsUntilReady() {
        grid.on("POST /api/vms", 202, "{\"id\":\"9\",\"name\":\"big\",\"state\":\"STARTING\"}");
        AtomicInteger asked = new AtomicInteger();
        grid.on(
                "GET /api/vms/9",
                request -> FakeGrid.Answer.json(
                        200,
                        "{\"id\":\"9\",\"name\":\"big\",\"state\":\""
                                + (asked.incrementAndGet() < 3 ? "JOINING" : "READY") + "\"}"));
        Run.Result result = Run.against(grid)
                .run("vm", "create", "big", "--cpus", "2", "--memory", "512MiB", "--label", "team=a", "-o", "json");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.json().path("state").stringValue()).isEqualTo("READY");
        assertThat(grid.asked().get(0).text())
                .isEqualTo("{\"name\":\"big\",\"cpus\":2,\"memoryBytes\":536870912,\"diskBytes\":null,"
                        + "\"labels\":{\"team\":\"a\"},\"gpu\":null}");
        assertThat(Run.against(grid).run("vm", "create", "no/name").exitCode()).isEqualTo(2);
    }

    @Test
    void scaleWaitsUntilSoManyAreReady() {
        AtomicInteger asked = new AtomicInteger();
        grid.on("POST /api/super-vm/scale", 200, "{\"total\":5,\"ready\":3}");
        grid.on(
                "GET /api/super-vm/status",
                request -> FakeGrid.Answer.json(
                        200, "{\"vms\":{\"total\":5,\"ready\":" + Math.min(5, 3 + asked.incrementAndGet()) + "}}"));
        Run.Result result = Run.against(grid).run("-o", "json", "scale", "5");
        assertThat(result.json().path("ready").intValue()).isEqualTo(5);
        assertThat(grid.asked().get(0).text()).isEqualTo("{\"nodes\":5}");
        assertThat(Run.against(grid).run("scale", "0").exitCode()).isEqualTo(2);
    }

    @Test
    void eventsAreAListOrAStreamThatShowsEachOnce() {
        String event =
                "{\"time\":\"2026-01-01T00:00:00Z\",\"type\":\"VM_CRASHED\",\"subject\":\"w1\",\"cause\":\"killed\"}";
        grid.on("GET /api/events", 200, "[" + event + "]");
        assertThat(Run.against(grid)
                        .run("-o", "json", "events", "--since", "1h")
                        .json())
                .hasSize(1);
        assertThat(grid.lastAsked().query()).startsWith("since=20");
        assertThat(Run.against(grid).run("events", "--since", "soon").exitCode())
                .isEqualTo(2);
        AtomicInteger asked = new AtomicInteger();
        grid.on(
                "GET /api/events",
                request -> asked.incrementAndGet() < 3
                        ? FakeGrid.Answer.json(200, asked.get() == 1 ? "[" + event + "]" : "data: " + event + "\n\n")
                        : FakeGrid.Answer.json(401, "{}"));
        Run.Result followed = Run.against(grid).run("-o", "json", "events", "--follow", "--since", "1h");
        assertThat(followed.out()).hasLineCount(1).contains("VM_CRASHED");
        assertThat(followed.exitCode()).isEqualTo(2);
    }

    private static String done(String type, String result) {
        return "{\"taskId\":\"t1\",\"type\":\"" + type + "\",\"state\":\"SUCCEEDED\",\"result\":" + result + "}";
    }
}
